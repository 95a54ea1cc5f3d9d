namespace MedGen.Model.Tests.Goldens;

/// <summary>The reference fixtures that lie beside the repository.</summary>
internal static class GoldenFolder
{
    /// <summary>Full path of the folder that holds all parts.</summary>
    public static string Root { get; } = InRepository("..", "shared", "goldens");

    /// <summary>Full path of a file or folder in it.</summary>
    public static string Path(params string[] parts) => System.IO.Path.Combine([Root, .. parts]);

    /// <summary>Full path of a file or folder of the repository.</summary>
    public static string InRepository(params string[] parts)
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(System.IO.Path.Combine(folder.FullName, "MedGen.Platform.sln")))
        {
            folder = folder.Parent;
        }

        folder.ShouldNotBeNull("the repository root was not found above the test binaries");
        return System.IO.Path.GetFullPath(System.IO.Path.Combine([folder.FullName, .. parts]));
    }
}
