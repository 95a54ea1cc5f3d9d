using MedGen.Datasets.Reading;
using MedGen.Sdk.Errors;
using MedGen.Datasets.Specifications;

namespace MedGen.Evaluation.Studies;

/// <summary>Reads and checks a study.</summary>
public static class StudySpecReader
{
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
        CheckArms(spec, violations);
        violations.ThrowIfAny();
        return spec;
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
