namespace MedGen.Sdk.Plugins;

/// <summary>Kinds of work that plugins do.</summary>
public enum PluginCapabilityKind
{
    /// <summary>Registers an <see cref="Generation.IVideoGenerator"/>.</summary>
    VideoGenerator,

    /// <summary>Registers an <see cref="Classification.IVideoClassifier"/>; the task is named in the manifest.</summary>
    VideoClassifier,

    /// <summary>Registers an <see cref="Augmentation.IDatasetAugmenter"/>.</summary>
    DatasetAugmenter,
}
