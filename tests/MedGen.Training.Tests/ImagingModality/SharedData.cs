namespace MedGen.Training.Tests.ImagingModality;

/// <summary>The sample clips beside the repository.</summary>
internal static class SharedData
{
    public static string Data { get; } = RepositoryRoot.Path("..", "shared", "data");
}
