using MedGen.Classifiers.Networks;
using static TorchSharp.torch;

namespace MedGen.Classifiers.Modality;

/// <summary>From features to scores.</summary>
internal static class ModalityScores
{
    /// <summary>Scores pictures.</summary>
    /// <param name="discriminant">Over the labels and, last, "none of them".</param>
    /// <param name="features">[pictures, features], float32.</param>
    public static IReadOnlyList<ModalityScore> Of(LinearDiscriminant discriminant, Tensor features)
    {
        using var scope = NewDisposeScope();
        (Tensor logs, Tensor distances) = discriminant.Score(features);
        int classes = (int)logs.size(1);
        Tensor nearest = distances.narrow(1, 0, classes - 1).amin([1]); // [pictures]
        float[] values = logs.cpu().contiguous().data<float>().ToArray();
        float[] far = nearest.cpu().data<float>().ToArray();
        return [.. far.Select((distance, i) => new ModalityScore(
            [.. values.Skip(i * classes).Take(classes).Select(v => (double)v)], distance))];
    }
}
