using MedGen.Sdk.Analysis;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Models;
using MedGen.Sdk.Parameters;

namespace MedGen.Sdk.Generation;

/// <summary>What a generator is; provenance says it of every clip.</summary>
public sealed record GeneratorDescription
{
    private const int LongestText = 4096;

    /// <summary>What it does, in a sentence.</summary>
    public required string Summary { get; init; }

    /// <summary>
    /// Whether it generates with the host's resident model. If so, provenance names that model, and requests take its defaults; if not, both come
    /// from here.
    /// </summary>
    public required bool UsesResidentModel { get; init; }

    /// <summary>
    /// Whether a clip can begin with a given picture (<see cref="VideoGenerationRequest.FirstFrame"/>): with a model of its own, that model takes
    /// one; with the resident model, the picture is handed on to it. Default: no, and the host refuses a request with one before a job exists.
    /// </summary>
    public bool TakesFirstFrame { get; init; }

    /// <summary>Name of its own model, 1 to 200 characters; null: it uses the resident one.</summary>
    public string? Model { get; init; }

    /// <summary>Whether its own model is trained; a clip of one that is not is noise.</summary>
    public bool IsTrained { get; init; }

    /// <summary>The weights of its own model; the first one's hash is the model's in provenance.</summary>
    public IReadOnlyList<WeightsDescription> Weights { get; init; } = [];

    /// <summary>What a request that says nothing takes, where it does not use the resident model. Default: those of Wan 2.1.</summary>
    public GenerationDefaults Defaults { get; init; } = new();

    /// <summary>
    /// JSON Schema (2020-12) of the options that it has beside the fields of <see cref="VideoGenerationRequest"/>; see
    /// <see cref="ParameterSchema.Of"/>. The host checks them before a job exists. Default: it has none.
    /// </summary>
    public string OptionsSchema { get; init; } = ParameterSchema.None;

    /// <summary>What it is made for, and what not; empty: not stated.</summary>
    public string IntendedUse { get; init; } = "";

    /// <summary>Checks that the description can be relied on.</summary>
    /// <param name="violations">Takes what is wrong; fields are named in snake_case.</param>
    public void Check(Violations violations)
    {
        ArgumentNullException.ThrowIfNull(violations);
        violations.Require(
            Summary is { Length: >= 1 and <= LongestText }, "summary", $"has {Summary?.Length ?? 0} characters", $"1 to {LongestText}");
        violations.Require(
            IntendedUse is { Length: <= LongestText }, "intended_use", $"has {IntendedUse?.Length ?? 0} characters", $"0 to {LongestText}");
        violations.Require(
            UsesResidentModel ? Model is null : Model is { Length: >= 1 and <= 200 }, "model", $"has {Model?.Length ?? 0} characters",
            UsesResidentModel ? $"none, as the resident model is used" : (FormattableString)$"1 to 200");
    }
}
