using MedGen.Sdk.Errors;
using MedGen.Datasets.Reading;

namespace MedGen.Datasets.Splits;

/// <summary>
/// Gives every item a split: that of the data set where it has one, else one by patient, class by class, that depends on the seed, the patients'
/// names and their numbers of clips alone. Patients differ in their clips, so of several draws the one is taken whose shares of clips are nearest to
/// the shares that are wanted.
/// </summary>
public static class DatasetSplitter
{
    private const int Draws = 64;

    /// <summary>Splits a data set.</summary>
    /// <param name="items">All items.</param>
    /// <param name="labels">How labels are read.</param>
    /// <param name="options">Shares and seed.</param>
    /// <returns>The items in their order, each with a split.</returns>
    /// <exception cref="InvalidInputException">
    /// An item has no patient, a class has too few of them, only some items have a split, a class has no training clip, or a label does not parse.
    /// </exception>
    public static IReadOnlyList<DatasetItem> Split(IReadOnlyList<DatasetItem> items, LabelScheme labels, SplitOptions options)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(options);
        int alone = items.Count(item => item.PatientId is null);
        if (alone > 0 && !options.NoGroups)
        {
            throw new InvalidInputException(
                "groups",
                $"{alone} of {items.Count} clips name no patient ('{items.First(item => item.PatientId is null).FileName}' is the first), so a "
                + "patient could be in training and test at once. "
                + "Add a column patient_id, name another by --group-column, or say by --no-groups that every clip is of another patient.");
        }

        int stated = items.Count(item => item.Split != DatasetSplit.None);
        if (stated > 0 && stated < items.Count)
        {
            throw new InvalidInputException("split", $"{stated} of {items.Count} clips name a split; all or none of them must.");
        }

        Dictionary<string, DatasetItem[]> classes = items.SelectMany(item => labels.ClassesOf(item).Select(name => (name, item)))
            .GroupBy(pair => pair.name).OrderBy(group => group.Key, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Select(pair => pair.item).ToArray());
        PatientSplit.ThrowIfShared(items);
        return stated > 0 ? Checked(items, classes) : Drawn(items, classes, options);
    }

    private static IReadOnlyList<DatasetItem> Checked(IReadOnlyList<DatasetItem> items, Dictionary<string, DatasetItem[]> classes)
    {
        foreach ((string name, DatasetItem[] own) in classes.Where(one => one.Value.All(item => item.Split != DatasetSplit.Train)))
        {
            throw new InvalidInputException("split", $"class '{name}' has {own.Length} clips, none of them for training.");
        }

        return items;
    }

    private static DatasetItem[] Drawn(IReadOnlyList<DatasetItem> items, Dictionary<string, DatasetItem[]> classes, SplitOptions options)
    {
        string untrained = "";
        Dictionary<string, DatasetSplit> splits = Enumerable.Range(0, Draws).Select(draw => Draw(classes, options, draw))
            .Where(draw => (untrained = classes.Keys.FirstOrDefault(name => !IsTrained(draw, name)) ?? "").Length == 0)
            .MinBy(draw => classes.Values.Sum(own => Imbalance(own, draw, options)))
            ?? throw new InvalidInputException(
                "label", $"class '{untrained}': all its patients have clips of rarer classes, and none of them is left to train on.");
        return [.. items.Select(item => item with { Split = splits[item.Group] })];

        bool IsTrained(Dictionary<string, DatasetSplit> draw, string name) => classes[name].Any(item => draw[item.Group] == DatasetSplit.Train);
    }

    // How far a class's shares of clips are from those that are wanted, 0 to 2.
    private static double Imbalance(DatasetItem[] own, Dictionary<string, DatasetSplit> splits, SplitOptions options)
    {
        double Share(DatasetSplit split) => (double)own.Count(item => splits[item.Group] == split) / own.Length;
        return Math.Abs(Share(DatasetSplit.Test) - options.Test) + Math.Abs(Share(DatasetSplit.Validation) - options.Validation)
            + Math.Abs(Share(DatasetSplit.Train) - (1 - options.Test - options.Validation));
    }

    private static Dictionary<string, DatasetSplit> Draw(Dictionary<string, DatasetItem[]> classes, SplitOptions options, int draw)
    {
        Dictionary<string, DatasetSplit> splits = new(StringComparer.Ordinal);
        string salt = draw == 0 ? $"{options.Seed}" : $"{options.Seed} {draw}";

        // Rare classes first: a patient with clips of several classes counts for the rarest.
        foreach ((string name, DatasetItem[] own) in classes.OrderBy(one => one.Value.Select(item => item.Group).Distinct().Count()))
        {
            string[] patients = [.. own.Select(item => item.Group).Distinct().OrderBy(patient => PatientSplit.Fraction($"{salt} {patient}"))];
            if (patients.Length < 2)
            {
                throw new InvalidInputException(
                    "label",
                    $"class '{name}' has {patients.Length} patient ('{patients[0]}'); at least 2 are needed, one to train and one to test on.");
            }

            int test = Math.Clamp((int)Math.Round(patients.Length * options.Test), 1, patients.Length - 1);
            int validation = options.Validation == 0 || patients.Length < 3
                ? 0
                : Math.Clamp((int)Math.Round(patients.Length * options.Validation), 1, patients.Length - test - 1);
            string[] free = [.. patients.Where(patient => !splits.ContainsKey(patient))];
            Fill(DatasetSplit.Test, test);
            Fill(DatasetSplit.Validation, validation);
            Fill(DatasetSplit.Train, patients.Length);

            void Fill(DatasetSplit split, int wanted)
            {
                int missing = Math.Max(0, wanted - patients.Count(patient => splits.GetValueOrDefault(patient) == split));
                foreach (string patient in free.Where(patient => !splits.ContainsKey(patient)).Take(missing).ToArray())
                {
                    splits[patient] = split;
                }
            }
        }

        return splits;
    }
}
