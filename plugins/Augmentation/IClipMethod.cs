using MedGen.Sdk.Augmentation;

namespace MedGen.Plugins.Augmentation;

/// <summary>One way to make a clip.</summary>
internal interface IClipMethod
{
    /// <summary>What the augmenter says of it.</summary>
    AugmentationMethodDescription Description { get; }

    /// <summary>Parses and checks options; see <see cref="IDatasetAugmenter.ValidateAsync"/>.</summary>
    void Check(string options);

    /// <summary>The adapter that it works with; see <see cref="IDatasetAugmenter.GetAdapterAsync"/>.</summary>
    AdapterNeed? AdapterOf(string options) => null;

    /// <summary>Captions of a training clip; see <see cref="IDatasetAugmenter.GetCaptionsAsync"/>.</summary>
    IReadOnlyList<string> CaptionsOf(string options, string label, SourceClip clip) => [label];

    /// <summary>Makes a clip; see <see cref="IDatasetAugmenter.AugmentAsync"/>.</summary>
    IAsyncEnumerable<AugmentationUpdate> MakeAsync(AugmentationRequest request, CancellationToken cancellationToken);
}
