using System.Text.RegularExpressions;
using MedGen.Sdk.Errors;

namespace MedGen.Sdk.Augmentation;

/// <summary>What an augmenter is and how it can make clips.</summary>
public sealed partial record AugmenterDescription
{
    private const int LongestText = 4096;
    private const int MostMethods = 256;

    /// <summary>What it does, in a sentence.</summary>
    public required string Summary { get; init; }

    /// <summary>The ways to make clips that it offers, 1 to 256, each name once.</summary>
    public required IReadOnlyList<AugmentationMethodDescription> Methods { get; init; }

    /// <summary>What it is made for, and what not; empty: not stated.</summary>
    public string IntendedUse { get; init; } = "";

    /// <summary>Checks that the description can be relied on.</summary>
    /// <param name="violations">Takes what is wrong; fields are named in snake_case, for instance <c>methods[0].name</c>.</param>
    public void Check(Violations violations)
    {
        ArgumentNullException.ThrowIfNull(violations);
        Text(violations, "summary", Summary, least: 1);
        Text(violations, "intended_use", IntendedUse);
        violations.Require(Methods?.Count is >= 1 and <= MostMethods, "methods", $"has {Methods?.Count ?? 0}", $"1 to {MostMethods}");
        foreach ((int i, AugmentationMethodDescription method) in (Methods ?? []).Index())
        {
            Violations at = violations.In($"methods[{i}]");
            at.Require(
                NameText().IsMatch(method.Name ?? ""), "name", $"has {method.Name?.Length ?? 0} characters",
                $"1 to 64 lower-case letters, digits and hyphens");
            at.Require(Methods!.Take(i).All(other => other.Name != method.Name), "name", $"is the name of another", $"each name once");
            Text(at, "description", method.Description, least: 1);
            at.Require(Enum.IsDefined(method.Origin), "origin", $"got {(int)method.Origin}", $"an origin that this SDK has");
        }
    }

    private static void Text(Violations violations, string field, string? text, int least = 0) => violations.Require(
        text?.Length >= least && text.Length <= LongestText, field, $"has {text?.Length ?? 0} characters", $"{least} to {LongestText}");

    [GeneratedRegex(@"\A[a-z0-9-]{1,64}\z")]
    private static partial Regex NameText();
}
