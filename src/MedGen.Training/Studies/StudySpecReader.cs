using System.Text.Json;
using System.Text.Json.Serialization;
using MedGen.Abstractions.Errors;
using MedGen.Datasets.Specifications;

namespace MedGen.Training.Studies;

/// <summary>Reads and checks a study.</summary>
public static class StudySpecReader
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        RespectNullableAnnotations = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    };

    /// <summary>Reads a file.</summary>
    /// <param name="path">The JSON file.</param>
    /// <returns>The study.</returns>
    /// <exception cref="InvalidInputException">The file is missing or no JSON, a key is unknown, or values are out of range; all are named.</exception>
    public static StudySpec Read(string path)
    {
        StudySpec spec = SpecificationJson.Read<StudySpec>(path, "spec", Json);
        FieldViolation[] violations = [.. Violations(spec)];
        return violations.Length == 0 ? spec : throw new InvalidInputException(violations);
    }

    private static IEnumerable<FieldViolation> Violations(StudySpec spec)
    {
        foreach (FieldViolation violation in spec.Labels.Violations())
        {
            yield return violation;
        }

        if (spec.Labels.Type == Datasets.Reading.LabelType.Multi)
        {
            yield return new FieldViolation("labels.type", "got multi; the study's classifier gives one class: single and numeric are allowed.");
        }

        foreach ((string field, double value, double least, double most) in ((string, double, double, double)[])
            [("seeds", spec.Seeds, 3, 20), ("steps", spec.Steps, 10, 10_000), ("resamples", spec.Resamples, 200, 100_000), ("least_test_patients", spec.LeastTestPatients, 2, 100_000)])
        {
            if (!(value >= least && value <= most))
            {
                yield return new FieldViolation(field, $"got {value}; {least} to {most} is allowed.");
            }
        }

        if (spec.Fractions.Count == 0 || spec.Fractions.Any(fraction => !(fraction > 0 && fraction <= 1)) || !spec.Fractions.Contains(1))
        {
            yield return new FieldViolation("fractions", $"got [{string.Join(", ", spec.Fractions)}]; numbers above 0 and up to 1, with 1 among them, are needed.");
        }

        if (spec.Arms.Count < 2 || spec.Arms[0] is not { Real: true, Oversample: false, Pools.Count: 0 })
        {
            yield return new FieldViolation("arms", "at least two are needed, and the first must be the real clips alone: it is the baseline.");
        }

        if (spec.Arms.GroupBy(arm => arm.Name).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            yield return new FieldViolation("arms", $"'{twice.Key}' is there twice.");
        }

        foreach ((int index, StudyArm arm) in spec.Arms.Index())
        {
            if (!arm.Real && arm.Pools.Count == 0)
            {
                yield return new FieldViolation($"arms[{index}]", "has neither real clips nor a pool.");
            }

            foreach ((string pool, double ratio) in arm.Pools)
            {
                if (!spec.Pools.ContainsKey(pool))
                {
                    yield return new FieldViolation($"arms[{index}].pools.{pool}", $"there is no such pool; there are {string.Join(", ", spec.Pools.Keys)}.");
                }
                else if (!(ratio > 0 && ratio <= 100))
                {
                    yield return new FieldViolation($"arms[{index}].pools.{pool}", $"got {ratio}; above 0, at most 100 is allowed.");
                }
            }
        }
    }
}
