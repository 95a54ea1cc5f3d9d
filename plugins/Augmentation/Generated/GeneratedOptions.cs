using MedGen.Sdk.Errors;
using MedGen.Sdk.Generation;
using MedGen.Plugins.Augmentation.Options;

namespace MedGen.Plugins.Augmentation.Generated;

/// <summary>What the methods of the shared model have in common. What is left out is the model's default.</summary>
internal record GeneratedOptions : IMethodOptions
{
    /// <summary>
    /// Prompts to choose from, at least one. <c>{label}</c>, <c>{caption}</c> and <c>{NAME}</c> of any column of the data set are replaced by what
    /// the source clip has there. Default: the caption, or the label where there is none.
    /// </summary>
    public IReadOnlyList<string> Prompts { get; init; } = ["{caption}"];

    /// <summary>Prompts of single classes, by label, instead of <see cref="Prompts"/>.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> ClassPrompts { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>What to avoid; null: the model's default.</summary>
    public string? NegativePrompt { get; init; }

    /// <summary>Denoising steps, 1 to 200.</summary>
    public int? Steps { get; init; }

    /// <summary>Guidance scale, 0 to 30.</summary>
    public double? GuidanceScale { get; init; }

    /// <summary>Timestep shift, above 0, at most 30.</summary>
    public double? Shift { get; init; }

    /// <summary>How much of the adapter is added, where there is one, −4 to 4. Default 1, as it was trained.</summary>
    public double AdapterScale { get; init; } = 1;

    /// <summary>Templates for a class.</summary>
    public IReadOnlyList<string> PromptsOf(string label) => ClassPrompts.GetValueOrDefault(label, Prompts);

    /// <inheritdoc />
    public virtual void Check(Violations violations)
    {
        violations.Within("steps", Steps, 1, 200);
        violations.Within("guidance_scale", GuidanceScale, 0, 30);
        violations.Within("shift", Shift, 0.01, 30);
        violations.Within("adapter_scale", AdapterScale, -GenerationLimits.MaxAdapterStrength, GenerationLimits.MaxAdapterStrength);
        violations.Require(Prompts.Count > 0, "prompts", $"got none", $"one or more");
        foreach ((string label, IReadOnlyList<string> prompts) in ClassPrompts)
        {
            violations.Require(prompts.Count > 0, $"class_prompts.{label}", $"got none", $"one or more");
        }
    }
}
