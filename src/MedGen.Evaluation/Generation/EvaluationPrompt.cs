using System.ComponentModel.DataAnnotations;
using MedGen.Sdk.Generation;

namespace MedGen.Evaluation.Generation;

/// <summary>One prompt that clips are generated for.</summary>
public sealed record EvaluationPrompt
{
    /// <summary>What the model is asked for. 1 to 4,000 characters.</summary>
    [StringLength(GenerationLimits.MaxPromptLength, MinimumLength = 1)]
    public required string Prompt { get; init; }

    /// <summary>The simulator whose clips show what the prompt asks for; its DICOM modality is the right answer of the classifier.</summary>
    [StringLength(64, MinimumLength = 1)]
    public required string Kind { get; init; }
}
