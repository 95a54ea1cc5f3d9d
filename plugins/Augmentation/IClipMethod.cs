using MedGen.Abstractions.Augmentation;

namespace MedGen.Plugins.Augmentation;

/// <summary>One way to make a clip.</summary>
internal interface IClipMethod
{
    /// <summary>What the augmenter says of it.</summary>
    AugmentationMethodDescription Description { get; }

    /// <summary>Parses and checks options; see <see cref="IDatasetAugmenter.Check"/>.</summary>
    void Check(string options);

    /// <summary>Makes a clip; see <see cref="IDatasetAugmenter.AugmentAsync"/>.</summary>
    IAsyncEnumerable<AugmentationUpdate> MakeAsync(AugmentationRequest request, CancellationToken cancellationToken);
}
