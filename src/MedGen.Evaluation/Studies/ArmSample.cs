using MedGen.Datasets.Reading;

namespace MedGen.Evaluation.Studies;

/// <summary>
/// Draws what an arm is trained on: as many patients as a share is, with replacement, and made clips that depend on none of the others.
/// </summary>
internal static class ArmSample
{
    /// <summary>Draws.</summary>
    /// <returns>The examples; empty where the arm has none at this share.</returns>
    public static IReadOnlyList<StudyExample> Draw(StudyData data, StudyArm arm, double fraction, int seed)
    {
        // Class by class, so that every class keeps a patient. The same for every arm; with replacement, so that seeds differ at every share.
        string[] drawnPatients = [.. data.Train.GroupBy(example => example.Class).SelectMany(own => Drawn(own, fraction, seed))];
        HashSet<string> patients = [.. drawnPatients];
        ILookup<string, StudyExample> byPatient = data.Train.ToLookup(example => example.Patient);
        StudyExample[] real = [.. drawnPatients.SelectMany(patient => byPatient[patient])];
        List<StudyExample> drawn = [.. arm.Real ? real : []];
        if (arm.Oversample)
        {
            int most = real.GroupBy(example => example.Class).Max(own => own.Count());
            foreach (IGrouping<string, StudyExample> own in real.GroupBy(example => example.Class))
            {
                StudyExample[] clips = [.. own];
                drawn.AddRange(Enumerable.Range(0, most - clips.Length).Select(i => clips[i % clips.Length]));
            }
        }

        foreach ((string pool, double ratio) in arm.Pools)
        {
            foreach (IGrouping<string, StudyExample> own in real.GroupBy(example => example.Class))
            {
                StudyExample[] usable = [.. data.Pools[pool].Where(example => example.Class == own.Key && example.DependsOn.All(patients.Contains))];
                drawn.AddRange(
                    usable.Select((example, i) => (example, key: PatientSplit.Fraction($"{seed} {pool} {own.Key} {i}"))).OrderBy(one => one.key)
                    .Take((int)Math.Ceiling(ratio * own.Count())).Select(one => one.example));
            }
        }

        return drawn;
    }

    private static IEnumerable<string> Drawn(IGrouping<string, StudyExample> own, double fraction, int seed)
    {
        string[] all = [.. own.Select(example => example.Patient).Distinct().Order(StringComparer.Ordinal)];
        int count = (int)Math.Ceiling((fraction * all.Length) - 1e-9);
        return Enumerable.Range(0, count).Select(i => all[(int)(PatientSplit.Fraction($"{seed} {own.Key} {i}") * all.Length)]);
    }
}
