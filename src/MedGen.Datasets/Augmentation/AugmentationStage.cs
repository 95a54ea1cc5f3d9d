namespace MedGen.Datasets.Augmentation;

/// <summary>Parts of an augmentation, in their order.</summary>
public enum AugmentationStage
{
    /// <summary>The data set is read, split and decoded.</summary>
    Preparing,

    /// <summary>Adapters are trained on the training split; units are optimiser steps.</summary>
    Training,

    /// <summary>Clips are made, judged and written.</summary>
    Making,

    /// <summary>Real clips are copied, and manifest and card are written.</summary>
    Finishing,
}
