using MedGen.Phantoms.Randomness;
using MedGen.Torch.Frames;

namespace MedGen.Training.ImagingModality;

/// <summary>
/// Draws training pictures so that every label counts the same. Within a label a source counts by the square root of its groups: one large archive
/// does not drown the small ones. Simulated pictures of a label, where there are any, take a fixed share; those of a modality that is not learnt are outliers.
/// </summary>
internal sealed class ModalitySampler
{
    private const double PhantomShare = 0.4;

    private readonly LabelSources[] _labels;
    private readonly List<Pool> _outliers;
    private readonly double _outlierShare;

    /// <summary>Sorts the clips.</summary>
    /// <param name="labels">Learnt labels.</param>
    /// <param name="clips">Real clips.</param>
    /// <param name="phantoms">Simulated clips.</param>
    /// <param name="outlierShare">Share of draws that show none of the labels, 0 to 1.</param>
    public ModalitySampler(IReadOnlyList<string> labels, IReadOnlyList<ModalityClip> clips, IReadOnlyList<ModalityClip> phantoms, double outlierShare)
    {
        _labels = [.. labels.Select(label => new LabelSources(
            [.. clips.Where(c => c.Label == label).GroupBy(c => c.Item.Source).Select(s => new Pool(s))],
            [.. phantoms.Where(c => c.Label == label).GroupBy(c => c.Item.Source).Select(s => new Pool(s))]))];
        _outliers =
        [
            .. clips.Where(c => !labels.Contains(c.Label)).GroupBy(c => c.Label).Select(l => new Pool(l)),
            .. phantoms.Where(c => !labels.Contains(c.Label)).GroupBy(c => c.Item.Source).Select(s => new Pool(s)),
        ];
        _outlierShare = outlierShare;
        if (_labels.All(l => l.IsEmpty))
        {
            throw new ArgumentException("No clip of any label to train on.", nameof(clips));
        }
    }

    /// <summary>A picture and the index of its label; −1 for an outlier.</summary>
    public (FramePicture Picture, int Label) Draw(Random random)
    {
        if (random.Chance(_outlierShare))
        {
            return _outliers.Count == 0 || random.Chance(0.5)
                ? (OutlierPictures.Draw(random.Pick(OutlierPictures.TrainedKinds), random), -1)
                : (random.Pick(_outliers).Draw(random), -1);
        }

        int label;
        do
        {
            label = random.Next(_labels.Length);
        }
        while (_labels[label].IsEmpty);
        return (_labels[label].Draw(random), label);
    }

    private sealed record LabelSources(List<Pool> Real, List<Pool> Phantoms)
    {
        public bool IsEmpty => Real.Count + Phantoms.Count == 0;

        public FramePicture Draw(Random random)
        {
            if (Phantoms.Count > 0 && (Real.Count == 0 || random.Chance(PhantomShare)))
            {
                return random.Pick(Phantoms).Draw(random);
            }

            double at = random.NextDouble() * Real.Sum(s => s.Weight);
            int index = 0;
            while (index < Real.Count - 1 && (at -= Real[index].Weight) > 0)
            {
                index++;
            }

            return Real[index].Draw(random);
        }
    }

    /// <summary>Clips by group: a patient with many clips is drawn as often as one with few.</summary>
    private sealed class Pool(IEnumerable<ModalityClip> clips)
    {
        private readonly List<List<ModalityClip>> _groups = [.. clips.GroupBy(c => c.Item.GroupId).Select(g => g.ToList())];

        public double Weight => Math.Sqrt(_groups.Count);

        public FramePicture Draw(Random random) => random.Pick(random.Pick(random.Pick(_groups)).Pictures);
    }
}
