using System.Text.RegularExpressions;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Parameters;

namespace MedGen.Sdk.Analysis;

/// <summary>What an analyzer takes and what it finds.</summary>
public sealed partial record AnalyzerDescription
{
    private const int LongestText = 4096;
    private const int MostLabels = 10_000;

    /// <summary>Task, for instance <c>imaging-modality</c>; callers choose an analyzer by it. As the manifest has it.</summary>
    public required string Task { get; init; }

    /// <summary>What it does, in a sentence.</summary>
    public required string Summary { get; init; }

    /// <summary>The clips that it takes, 1 to 16, each role once. Default: one clip.</summary>
    public IReadOnlyList<AnalyzerInput> Inputs { get; init; } = [new AnalyzerInput { Description = "The clip." }];

    /// <summary>What it looks for, 1 to 256, each name once.</summary>
    public required IReadOnlyList<AnalyzerOutput> Outputs { get; init; }

    /// <summary>JSON Schema (2020-12) of its parameters; see <see cref="ParameterSchema.Of"/>. Default: it takes none.</summary>
    public string ParametersSchema { get; init; } = ParameterSchema.None;

    /// <summary>The trained weights that it uses.</summary>
    public IReadOnlyList<WeightsDescription> Weights { get; init; } = [];

    /// <summary>What it is made for, and what not; empty: not stated.</summary>
    public string IntendedUse { get; init; } = "";

    /// <summary>How good it was on which data, in words; empty: not stated.</summary>
    public string Evaluation { get; init; } = "";

    /// <summary>Checks that the description can be relied on.</summary>
    /// <param name="violations">Takes what is wrong; fields are named in snake_case, for instance <c>outputs[0].labels</c>.</param>
    public void Check(Violations violations)
    {
        ArgumentNullException.ThrowIfNull(violations);
        Name(violations, "task", Task);
        Text(violations, "summary", Summary, least: 1);
        Text(violations, "intended_use", IntendedUse);
        Text(violations, "evaluation", Evaluation);
        Names(violations, "inputs", Inputs, 16, input => input.Role, (input, at) =>
        {
            Name(at, "role", input.Role);
            Text(at, "description", input.Description, least: 1);
            at.Require(input.Live || input.Stored, "live", $"got false, as is stored", $"true for one of the two");
            at.Require(!input.Live || Inputs.Count == 1, "live", $"got true beside {Inputs.Count - 1} other inputs", $"true for an only input");
            at.Within<int>("least_frames", input.LeastFrames, 1, int.MaxValue);
            at.Within<int>("least_side", input.LeastSide, 1, int.MaxValue);
            CheckFormats(input, at);
        });
        Names(violations, "outputs", Outputs, 256, output => output.Name, CheckOutput);
        foreach ((int i, WeightsDescription weights) in (Weights ?? []).Index())
        {
            violations.Require(
                Sha256().IsMatch(weights.Sha256 ?? ""), $"weights[{i}].sha256", $"got something else", $"64 lower-case hexadecimal digits");
        }
    }

    private static void CheckFormats(AnalyzerInput input, Violations at)
    {
        IReadOnlyList<FrameFormat> formats = input.Formats ?? [];
        at.Require(
            formats.Count > 0 && formats.All(Enum.IsDefined) && formats.Distinct().Count() == formats.Count, "formats",
            $"got {string.Join(", ", formats)}", $"1 to 3 formats, each once");
        at.Require(
            !input.Live || formats.Any(format => format != FrameFormat.Gray16), "formats", $"got Gray16 alone", $"another beside it for live clips");
    }

    private static void CheckOutput(AnalyzerOutput output, Violations at)
    {
        Name(at, "name", output.Name);
        Text(at, "description", output.Description, least: 1);
        at.Require(Enum.IsDefined(output.Kind), "kind", $"got {(int)output.Kind}", $"a kind that this SDK has");
        IReadOnlyList<OutputLabel> labels = output.Labels ?? [];
        bool needsLabels = output.Kind is not (OutputKind.Measurement or OutputKind.Text or OutputKind.Artifact);
        at.Require(
            needsLabels ? labels.Count is >= 1 and <= MostLabels : labels.Count == 0, "labels", $"has {labels.Count}",
            needsLabels ? $"1 to {MostLabels}" : (FormattableString)$"none for this kind");
        at.Require(labels.All(label => label?.Name is { Length: >= 1 and <= 64 }), "labels", $"holds one of another length", $"1 to 64 characters");
        string?[] names = [.. labels.Select(label => label?.Name)];
        at.Require(names.Distinct(StringComparer.Ordinal).Count() == names.Length, "labels", $"has a label twice", $"each label once");
        at.Require(!output.Exclusive || output.Kind == OutputKind.Labels, "exclusive", $"got true", $"false for this kind");
        at.Require(
            output.AbstentionLabel is null || (output.Exclusive && !names.Contains(output.AbstentionLabel)), "abstention_label",
            $"is given", $"another label than those of an exclusive output");
        bool isMeasurement = output.Kind == OutputKind.Measurement;
        at.Require(
            isMeasurement ? output.Unit is { Length: >= 1 and <= 64 } : output.Unit is null, "unit",
            $"has {output.Unit?.Length ?? 0} characters", isMeasurement ? $"1 to 64" : (FormattableString)$"none for this kind");
        at.Require(!(output.Minimum > output.Maximum), "minimum", $"got {output.Minimum}", $"at most maximum, {output.Maximum}");
    }

    private static void Names<T>(
        Violations violations, string field, IReadOnlyList<T>? items, int most, Func<T, string> nameOf, Action<T, Violations> check)
    {
        violations.Require(items?.Count >= 1 && items.Count <= most, field, $"has {items?.Count ?? 0}", $"1 to {most}");
        foreach ((int i, T item) in (items ?? []).Index())
        {
            check(item, violations.In($"{field}[{i}]"));
            violations.Require(
                items!.Take(i).All(other => nameOf(other) != nameOf(item)), $"{field}[{i}]", $"has the name of another", $"each name once");
        }
    }

    private static void Name(Violations violations, string field, string? name) => violations.Require(
        NameText().IsMatch(name ?? ""), field, $"has {name?.Length ?? 0} characters", $"1 to 64 lower-case letters, digits and hyphens");

    private static void Text(Violations violations, string field, string? text, int least = 0) => violations.Require(
        text?.Length >= least && text.Length <= LongestText, field, $"has {text?.Length ?? 0} characters", $"{least} to {LongestText}");

    [GeneratedRegex(@"\A[a-z0-9-]{1,64}\z")]
    private static partial Regex NameText();

    [GeneratedRegex(@"\A[0-9a-f]{64}\z")]
    private static partial Regex Sha256();
}
