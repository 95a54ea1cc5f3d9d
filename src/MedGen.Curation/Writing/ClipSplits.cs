using MedGen.Curation.Results;
using MedGen.Curation.Specifications;
using MedGen.Datasets.Reading;

namespace MedGen.Curation.Writing;

/// <summary>Divides the clips by film (or patient, where the list names one): never two clips of one source in two splits.</summary>
internal static class ClipSplits
{
    /// <summary>Names of the splits.</summary>
    public const string Train = "train";

    /// <inheritdoc cref="Train"/>
    public const string Validation = "validation";

    /// <inheritdoc cref="Train"/>
    public const string Test = "test";

    /// <summary>Gives each source a split: in an order that seed and name decide, the first go to the test until its share of clips is reached, the
    /// next to validation. At least one stays for training.</summary>
    /// <param name="films">The films.</param>
    /// <param name="spec">Shares.</param>
    /// <param name="seed">Seed of the order.</param>
    /// <returns>Split by group.</returns>
    public static IReadOnlyDictionary<string, string> Of(IEnumerable<CuratedFilm> films, SplitSpec spec, int seed)
    {
        (string Group, int Clips)[] groups =
        [
            .. films.GroupBy(film => film.Video.Group).Select(group => (group.Key, Clips: group.Sum(film => film.Kept.Count())))
                .Where(group => group.Clips > 0)
                .OrderBy(group => PatientSplit.Fraction($"{seed} {group.Key}")),
        ];
        int all = groups.Sum(group => group.Clips);
        Dictionary<string, string> splits = groups.ToDictionary(group => group.Group, _ => Train, StringComparer.Ordinal);
        int next = 0;
        foreach ((string split, double share) in new[] { (Test, spec.Test), (Validation, spec.Validation) })
        {
            // A source is taken if that brings the share nearer than leaving it.
            for (int taken = 0; next < groups.Length - 1 && taken + (groups[next].Clips / 2.0) <= share * all; next++)
            {
                splits[groups[next].Group] = split;
                taken += groups[next].Clips;
            }
        }

        return splits;
    }
}
