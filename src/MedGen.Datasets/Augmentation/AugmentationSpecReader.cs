using System.Text;
using System.Text.Json;
using MedGen.Sdk.Errors;
using MedGen.Datasets.Specifications;

namespace MedGen.Datasets.Augmentation;

/// <summary>Reads and checks a specification.</summary>
public static class AugmentationSpecReader
{
    private const int MaxClips = 1_000_000;

    /// <summary>Parses and checks.</summary>
    /// <param name="json">The JSON text; empty: all defaults.</param>
    /// <returns>The specification.</returns>
    /// <exception cref="InvalidInputException">It is no JSON object, a key is unknown, or values are out of range; all are named.</exception>
    public static AugmentationSpec Parse(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return Check(json.Length == 0 ? new AugmentationSpec() : SpecificationJson.Parse<AugmentationSpec>(Encoding.UTF8.GetBytes(json), "spec"));
    }

    /// <summary>Writes a specification as it is read, defaults included.</summary>
    /// <param name="spec">The specification.</param>
    /// <returns>JSON on one line.</returns>
    public static string Write(AugmentationSpec spec) => JsonSerializer.Serialize(spec, SpecificationJson.Options);

    /// <summary>Checks the ranges.</summary>
    /// <param name="spec">The specification.</param>
    /// <returns>The same.</returns>
    /// <exception cref="InvalidInputException">Values are out of range; all are named.</exception>
    public static AugmentationSpec Check(AugmentationSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        Violations violations = new();
        violations.Declared(spec);
        violations.AddRange(spec.Labels.Violations());
        violations.Require(spec.Clip.Width % 2 == 0, "clip.width", $"got {spec.Clip.Width} px", $"even numbers");
        violations.Require(spec.Clip.Height % 2 == 0, "clip.height", $"got {spec.Clip.Height} px", $"even numbers");
        violations.Require(spec.Clip.NumFrames % 4 == 1, "clip.num_frames", $"got {spec.Clip.NumFrames}", $"4k + 1 (1, 5, 9, …)");
        violations.Require(
            new object?[] { spec.Balance.PerClass, spec.Balance.AddPerClass, spec.Balance.Ratio }.Count(value => value is not null) <= 1,
            "balance", $"got several of per_class, add_per_class and ratio", $"one of them");
        foreach ((string name, int clips) in spec.Balance.Classes)
        {
            violations.Within($"balance.classes.{name}", clips, 0, MaxClips);
        }

        foreach ((int index, MethodSpec method) in spec.Methods.Index())
        {
            violations.Require(
                method.Options is null or { ValueKind: JsonValueKind.Object }, $"methods[{index}].options", $"got another kind of value",
                $"a JSON object");
        }

        violations.ThrowIfAny();
        return spec;
    }
}
