namespace MedGen.Evaluation.Experiments;

/// <summary>Something that a model is asked for, and what its clip must then be recognised as.</summary>
/// <param name="Group">The row of the report that it counts for.</param>
/// <param name="Prompt">What the model is asked for.</param>
/// <param name="Asked">The right answer.</param>
internal sealed record ExperimentPrompt(string Group, string Prompt, Concept Asked);
