using MedGen.Datasets.Reading;

namespace MedGen.Classifiers.Training.ImagingModality;

/// <summary>
/// Divides clips into folds for cross-validation. A group is never split. A whole source (repository) stays together as long as it has at
/// most 40 % of its label's groups, so that most test clips come from a source that the fold's network has never seen. A label that is not learnt
/// stays together as a whole: the network that is asked about it has not met it as an outlier either. Everyday pictures stay together by source.
/// </summary>
internal static class FoldPlan
{
    private const double LargestTogether = 0.4;

    /// <summary>The fold of each clip, 0 … folds − 1, in the order of the clips.</summary>
    public static int[] Assign(IReadOnlyList<ModalityFeatures> clips, IReadOnlyList<string> learnt, int folds, int seed)
    {
        var random = new Random(seed);
        var foldOfGroup = new Dictionary<string, int>();
        foreach (IGrouping<string, ModalityFeatures> label in clips.GroupBy(c => c.Label).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            // A group keeps the source of its first file, however many files it has.
            var groups = label.GroupBy(c => c.Item.GroupId).Select(g => (Group: g.Key, g.First().Item.Source)).ToList();
            var units = groups
                .GroupBy(g => label.Key == ModalityManifest.NoModality ? g.Source
                    : !learnt.Contains(label.Key) ? label.Key
                    : groups.Count(o => o.Source == g.Source) <= LargestTogether * groups.Count ? g.Source
                    : g.Group)
                .Select(u => u.Select(g => g.Group).ToList())
                .OrderBy(u => u[0], StringComparer.Ordinal)
                .ToList();
            random.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(units));

            // Largest first into the emptiest fold; a random start, so that small labels do not all fall into fold 0.
            int[] load = new int[folds];
            int shift = random.Next(folds);
            foreach (List<string> unit in units.OrderByDescending(u => u.Count))
            {
                int fold = Enumerable.Range(0, folds).Select(f => (f + shift) % folds).MinBy(f => load[f]);
                load[fold] += unit.Count;
                foreach (string group in unit)
                {
                    foldOfGroup.TryAdd(group, fold);
                }
            }
        }

        return [.. clips.Select(c => foldOfGroup[c.Item.GroupId])];
    }
}
