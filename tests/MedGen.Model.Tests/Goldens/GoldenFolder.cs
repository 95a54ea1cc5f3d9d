namespace MedGen.Model.Tests.Goldens;

/// <summary>The reference fixtures.</summary>
internal static class GoldenFolder
{
    /// <summary>Full path of the folder that holds all parts.</summary>
    public static string Root { get; } = Fixtures.Path("goldens");

    /// <summary>Full path of a file or folder in it.</summary>
    public static string Path(params string[] parts) => System.IO.Path.Combine([Root, .. parts]);
}
