namespace MedGen.Tests;

/// <summary>The folder that holds the solution; compiled into every test project.</summary>
internal static class RepositoryRoot
{
    private static readonly string Root = Find();

    /// <summary>Full path of a file or folder below the root; without parts, of the root itself.</summary>
    public static string Path(params string[] parts) => System.IO.Path.GetFullPath(System.IO.Path.Combine([Root, .. parts]));

    private static string Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "MedGen.Platform.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"No MedGen.Platform.sln above {AppContext.BaseDirectory}.");
    }
}
