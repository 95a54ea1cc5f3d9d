using MedGen.Datasets.Clips;

namespace MedGen.Datasets.Filters;

/// <summary>The real training clips as vectors: who is nearest to whom.</summary>
internal sealed class TrainingNeighbours
{
    private readonly IReadOnlyList<DecodedClip> _training;

    public TrainingNeighbours(IReadOnlyList<DecodedClip> training)
    {
        _training = training;
        MaxDistance = training.Count < 2 ? 2 : training.Max(clip => 1 - Nearest(clip.Descriptor, except: clip).Correlation);
    }

    /// <summary>
    /// Greatest distance (1 − correlation) of a training clip to its nearest other one; 2, the greatest there is, where there is no other.
    /// </summary>
    public double MaxDistance { get; }

    /// <summary>The nearest training clip.</summary>
    public (DecodedClip Clip, double Correlation) Nearest(float[] descriptor, DecodedClip? except = null)
    {
        (DecodedClip? nearest, double most) = (null, double.NegativeInfinity);
        foreach (DecodedClip clip in _training)
        {
            double correlation = ReferenceEquals(clip, except) ? double.NegativeInfinity : ClipDescriptor.Correlation(descriptor, clip.Descriptor);
            if (correlation > most)
            {
                (nearest, most) = (clip, correlation);
            }
        }

        return (nearest!, most);
    }
}
