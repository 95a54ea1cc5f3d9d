namespace MedGen.Training.GenerationQuality;

/// <summary>What the imaging-modality classifier calls the clips of one prompt.</summary>
/// <param name="Prompt">The prompt.</param>
/// <param name="Kind">Simulator of what it asks for.</param>
/// <param name="Modality">The right answer; DX stands for CR, too.</param>
/// <param name="Answers">How often each label was given for generated clips; <c>unknown</c>: abstained, which counts as wrong.</param>
/// <param name="Generated">Share of the generated clips that are called right.</param>
/// <param name="HeldOut">Share of held-out simulated clips of the kind that are called right: what a perfect model would reach.</param>
/// <param name="Untrained">Share called right with an untrained transformer.</param>
public sealed record PromptAdherence(
    string Prompt, string Kind, string Modality, IReadOnlyDictionary<string, int> Answers, double Generated, double HeldOut, double Untrained);
