namespace MedGen.Training.Tests.ImagingModality;

/// <summary>The repository and the sample clips beside it.</summary>
internal static class SharedData
{
    public static string Repository { get; } = FindRepository();

    public static string Data { get; } = Path.Combine(Repository, "..", "shared", "data");

    private static string FindRepository()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "MedGen.Platform.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The tests run outside the repository.");
    }
}
