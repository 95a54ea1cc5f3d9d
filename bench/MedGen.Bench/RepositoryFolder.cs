namespace MedGen.Bench;

/// <summary>Paths inside the repository that the benchmarks run in.</summary>
internal static class RepositoryFolder
{
    public static string Path(params ReadOnlySpan<string> parts)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "MedGen.Platform.sln")))
            {
                return System.IO.Path.Combine([folder.FullName, .. parts]);
            }
        }

        throw new InvalidOperationException("The benchmark runs inside the repository.");
    }
}
