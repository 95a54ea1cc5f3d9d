using System.CommandLine;
using System.Globalization;
using System.Text.RegularExpressions;
using MedGen.Protos.V1;
using MedGen.Sdk.Errors;

namespace MedGen.Cli.Commands;

/// <summary>Options that name the adapters of a clip: <c>--adapter NAME[@EXPERT][=STRENGTH[:STRENGTH]]</c>, several times.</summary>
internal sealed partial class AdapterOptions
{
    private static readonly Dictionary<string, AdapterExpert> Experts = new(StringComparer.Ordinal)
    {
        ["high"] = AdapterExpert.HighNoise,
        ["low"] = AdapterExpert.LowNoise,
        ["both"] = AdapterExpert.Both,
    };

    private readonly Option<string[]> _adapter = new("--adapter")
    {
        Description = "An adapter (LoRA) on the host, NAME or NAME=STRENGTH with a strength from -4 to 4, default 1; several times, and their "
            + "changes add up. For a model with two experts NAME@high, NAME@low or NAME@both where the file does not say it, and NAME=HIGH:LOW for "
            + "two strengths.",
    };

    private readonly Option<double?> _scale = new("--adapter-scale") { Description = "With one --adapter: its strength, as NAME=STRENGTH says it." };

    public void AddTo(Command command)
    {
        command.Options.Add(_adapter);
        command.Options.Add(_scale);
    }

    /// <summary>What was asked for.</summary>
    /// <exception cref="InvalidInputException">A text is no adapter, or strengths are said twice.</exception>
    public IReadOnlyList<AdapterUse> Read(ParseResult parsed)
    {
        List<AdapterUse> uses = [.. (parsed.GetValue(_adapter) ?? []).Select(Read)];
        if (parsed.GetValue(_scale) is { } scale)
        {
            Violations violations = new();
            violations.Require(
                uses is [{ Strength: null }], "adapter-scale", $"is given", $"with one --adapter, and none where that says its strength");
            violations.ThrowIfAny();
            uses[0].Strength = scale;
        }

        return uses;
    }

    private static AdapterUse Read(string text)
    {
        if (Form().Match(text) is not { Success: true } match)
        {
            throw new InvalidInputException("adapter", $"got '{text}'; allowed: NAME, NAME=STRENGTH, NAME@high, NAME@low, NAME@both, NAME=HIGH:LOW.");
        }

        return new AdapterUse
        {
            Name = match.Groups["name"].Value,
            Expert = match.Groups["expert"] is { Success: true } expert ? Experts[expert.Value] : AdapterExpert.Unspecified,
            Strength = Number(match.Groups["strength"]),
            LowNoiseStrength = Number(match.Groups["low"]),
        };
    }

    private static double? Number(Group text) => text.Success ? double.Parse(text.Value, CultureInfo.InvariantCulture) : null;

    [GeneratedRegex(@"^(?<name>[^=@:]+)(?:@(?<expert>high|low|both))?(?:=(?<strength>-?[0-9]*\.?[0-9]+)(?::(?<low>-?[0-9]*\.?[0-9]+))?)?$")]
    private static partial Regex Form();
}
