using MedGen.Datasets.Reading;
using MedGen.Sdk.Errors;
using MedGen.Datasets.Specifications;

namespace MedGen.Evaluation.Studies;

/// <summary>Reads and checks a study.</summary>
public static class StudySpecReader
{
    private const double LeastMargin = 0.005;
    private const double MostMargin = 0.5;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The JSON file.</param>
    /// <returns>The study.</returns>
    /// <exception cref="InvalidInputException">The file is missing or no JSON, a key is unknown, or values are out of range; all are
    /// named.</exception>
    public static StudySpec Read(string path)
    {
        StudySpec spec = SpecificationJson.Read<StudySpec>(path, "spec");
        Violations violations = new();
        violations.Declared(spec);
        violations.AddRange(spec.Labels.Violations());
        violations.Require(
            spec.Labels.Type != LabelType.Multi, "labels.type", $"got multi; the study's classifier gives one class", $"single, numeric");
        violations.Require(
            spec.Fractions.All(fraction => fraction is > 0 and <= 1) && spec.Fractions.Contains(1), "fractions",
            $"got [{string.Join(", ", spec.Fractions)}]", $"numbers above 0, at most 1, with 1 among them");
        CheckOutcome(spec, violations);
        CheckArms(spec, violations);
        violations.ThrowIfAny();
        return spec;
    }

    private static void CheckOutcome(StudySpec spec, Violations violations)
    {
        if (spec.Outcome == StudyOutcome.Class)
        {
            violations.Require(
                spec.EquivalenceMargin is null or (>= LeastMargin and <= MostMargin), "equivalence_margin", $"got {spec.EquivalenceMargin}",
                $"{LeastMargin} to {MostMargin} in balanced accuracy");
            violations.Require(
                spec.SimulatedNumber is null, "simulated_number", $"got '{spec.SimulatedNumber}'", $"none where the outcome is a class");
            return;
        }

        violations.Require(spec.Labels.Type == LabelType.Numeric, "labels.type", $"got {spec.Labels.Type}; the outcome is a number", $"numeric");
        violations.Require(
            spec.EquivalenceMargin is not null, "equivalence_margin", $"got none",
            $"a difference in mean absolute error that is too small to matter, in units of the label");
        foreach ((int index, StudyArm arm) in spec.Arms.Index())
        {
            violations.Require(
                !arm.Oversample, $"arms[{index}].oversample", $"got true; numbers have no classes to make equal in size", $"false");
        }
    }

    private static void CheckArms(StudySpec spec, Violations violations)
    {
        if (spec.Arms.Count < 2 || spec.Arms[0] is not { Real: true, Oversample: false, Pools.Count: 0 })
        {
            violations.Add("arms", "at least two are needed, and the first must be the real clips alone: it is the baseline.");
        }

        if (spec.Arms.GroupBy(arm => arm.Name).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            violations.Add("arms", $"'{twice.Key}' is there twice.");
        }

        foreach ((int index, StudyArm arm) in spec.Arms.Index())
        {
            if (!arm.Real && arm.Pools.Count == 0)
            {
                violations.Add($"arms[{index}]", "has neither real clips nor a pool.");
            }

            foreach ((string pool, double ratio) in arm.Pools)
            {
                string field = $"arms[{index}].pools.{pool}";
                violations.Require(spec.Pools.ContainsKey(pool), field, $"got another name", $"{string.Join(", ", spec.Pools.Keys)}");
                violations.Require(ratio is > 0 and <= 100, field, $"got {ratio}", $"above 0, at most 100");
            }
        }
    }
}
