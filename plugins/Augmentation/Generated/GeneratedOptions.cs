using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Generation;
using MedGen.Plugins.Augmentation.Options;

namespace MedGen.Plugins.Augmentation.Generated;

/// <summary>What the methods of the shared model have in common. What is left out is the model's default.</summary>
internal record GeneratedOptions : IMethodOptions
{
    [MinLength(1), Description(
        "Prompts to choose from; {label}, {caption} and {NAME} of any column are replaced by what the source clip has there. A clip without a "
        + "caption has its label.")]
    public IReadOnlyList<string> Prompts { get; init; } = ["{caption}"];

    [Description("Prompts of single classes, by label, instead of prompts.")]
    public IReadOnlyDictionary<string, IReadOnlyList<string>> ClassPrompts { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    [Description("What to avoid.")]
    public string? NegativePrompt { get; init; }

    [Range(1, 200), Description("Denoising steps.")]
    public int? Steps { get; init; }

    [Range(0.0, 30.0), Description("Guidance scale.")]
    public double? GuidanceScale { get; init; }

    [Range(0.01, 30.0), Description("Timestep shift.")]
    public double? Shift { get; init; }

    [Range(-GenerationLimits.MaxAdapterStrength, GenerationLimits.MaxAdapterStrength), Description("How much of the adapter is added; 1 as trained.")]
    public double AdapterScale { get; init; } = 1;

    /// <summary>Templates for a class.</summary>
    public IReadOnlyList<string> PromptsOf(string label) => ClassPrompts.GetValueOrDefault(label, Prompts);

    /// <inheritdoc />
    public virtual void Check(Violations violations)
    {
        foreach ((string label, IReadOnlyList<string> prompts) in ClassPrompts)
        {
            violations.Require(prompts.Count > 0, $"class_prompts.{label}", $"got none", $"one or more");
        }
    }
}
