using MedGen.Sdk.Augmentation;
using MedGen.Datasets.Reading;

namespace MedGen.Datasets.Clips;

/// <summary>
/// The one place where a clip of a data set becomes something that an augmenter, and with it a generator, may see. Only clips for training pass: what
/// a model is measured on later must not have made what it was trained on.
/// </summary>
internal static class GeneratorInput
{
    /// <summary>Lets a training clip through.</summary>
    /// <param name="clip">The clip.</param>
    /// <returns>What the augmenter is given.</returns>
    /// <exception cref="InvalidOperationException">The clip is not for training: a defect of the caller.</exception>
    public static SourceClip Of(DecodedClip clip) => clip.Item.Split == DatasetSplit.Train
        ? new SourceClip
        {
            Id = clip.Item.FileName,
            Label = clip.Item.Label ?? "",
            Caption = clip.Item.Caption,
            Metadata = clip.Item.Columns,
            Clip = clip,
        }
        : throw new InvalidOperationException($"A clip of the split {clip.Item.Split} was about to reach a generator.");
}
