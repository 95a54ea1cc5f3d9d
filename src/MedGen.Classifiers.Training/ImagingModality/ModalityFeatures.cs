using MedGen.Classifiers.Modality;
using MedGen.Classifiers.Networks;
using MedGen.Datasets.Reading;
using static TorchSharp.torch;

namespace MedGen.Classifiers.Training.ImagingModality;

/// <summary>A clip as the backbone sees it.</summary>
/// <param name="Item">Its line in the manifest.</param>
/// <param name="Plain">Features of its pictures, row after row.</param>
/// <param name="Drawn">Features of randomly changed views, for training.</param>
internal sealed record ModalityFeatures(ModalityItem Item, float[] Plain, float[] Drawn)
{
    /// <summary>Label: the modality code, CR and DX under one name.</summary>
    public string Label { get; } = ModalityLabels.Of(Item.ModalityCode);

    /// <summary>The uncalibrated score of the clip.</summary>
    public ModalityScore Score(LinearDiscriminant discriminant)
    {
        using Tensor features = Rows(Plain);
        return ModalityScore.Mean(ModalityScores.Of(discriminant, features))!;
    }

    /// <summary>[rows, features], float32.</summary>
    public static Tensor Rows(float[] values) => tensor(values, [values.Length / ResidualBackbone.FeatureLength, ResidualBackbone.FeatureLength]);
}
