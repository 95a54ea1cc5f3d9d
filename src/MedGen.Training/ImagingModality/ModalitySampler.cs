using MedGen.Phantoms.Randomness;
using MedGen.Torch.Frames;

namespace MedGen.Training.ImagingModality;

/// <summary>
/// Draws training pictures so that every label counts the same, and within a label a source counts by the square root of its groups: one large
/// archive does not drown the small ones.
/// </summary>
internal sealed class ModalitySampler
{
    private readonly List<Source>[] _byLabel;
    private readonly List<List<List<ModalityClip>>> _outliers;
    private readonly double _outlierShare;

    public ModalitySampler(IReadOnlyList<string> labels, IReadOnlyList<ModalityClip> clips, double outlierShare)
    {
        _byLabel = [.. labels.Select(label => clips.Where(c => c.Label == label).GroupBy(c => c.Item.Source).Select(s => new Source(Groups(s))).ToList())];
        _outliers = [.. clips.Where(c => !labels.Contains(c.Label)).GroupBy(c => c.Label).Select(Groups)];
        _outlierShare = outlierShare;
    }

    /// <summary>A picture and the index of its label; −1 for an outlier.</summary>
    public (FramePicture Picture, int Label) Draw(Random random)
    {
        if (random.Chance(_outlierShare))
        {
            return _outliers.Count == 0 || random.Chance(0.5)
                ? (OutlierPictures.Draw(random.Pick(OutlierPictures.TrainedKinds), random), -1)
                : (Draw(random.Pick(_outliers), random), -1);
        }

        int label = random.Next(_byLabel.Length);
        List<Source> sources = _byLabel[label];
        double at = random.NextDouble() * sources.Sum(s => s.Weight);
        int index = 0;
        while (index < sources.Count - 1 && (at -= sources[index].Weight) > 0)
        {
            index++;
        }

        return (Draw(sources[index].Groups, random), label);
    }

    private static FramePicture Draw(List<List<ModalityClip>> groups, Random random) => random.Pick(random.Pick(random.Pick(groups)).Pictures);

    private static List<List<ModalityClip>> Groups(IEnumerable<ModalityClip> clips) =>
        [.. clips.GroupBy(c => c.Item.GroupId).Select(g => g.ToList())];

    private sealed record Source(List<List<ModalityClip>> Groups)
    {
        public double Weight { get; } = Math.Sqrt(Groups.Count);
    }
}
