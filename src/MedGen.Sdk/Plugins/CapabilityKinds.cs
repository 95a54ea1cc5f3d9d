namespace MedGen.Sdk.Plugins;

/// <summary>
/// Kinds of work that this SDK knows, each with the version of its contract. A plugin may declare others beside them: a host that does not know a
/// kind passes over it.
/// </summary>
public static class CapabilityKinds
{
    /// <summary>Registers an <see cref="Analysis.IVideoAnalyzer"/>; the task is named in the manifest.</summary>
    public const string Analysis = "analysis/1";

    /// <summary>Registers an <see cref="Generation.IVideoGenerator"/>.</summary>
    public const string Generation = "generation/1";

    /// <summary>Registers an <see cref="Augmentation.IDatasetAugmenter"/>.</summary>
    public const string Augmentation = "augmentation/1";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Analysis, Generation, Augmentation];
}
