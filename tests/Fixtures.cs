namespace MedGen.Tests;

/// <summary>Files that tests read, below <c>tests/fixtures</c>; compiled into every test project.</summary>
internal static class Fixtures
{
    /// <summary>A model folder in the released layout: 2 layers of 64 dimensions, every weight random. Its clips are noise.</summary>
    public static string TinyModel { get; } = Path("goldens", "pipeline", "models");

    /// <summary>Full path of a file or folder below <c>tests/fixtures</c>.</summary>
    public static string Path(params string[] parts) => RepositoryRoot.Path(["tests", "fixtures", .. parts]);
}
