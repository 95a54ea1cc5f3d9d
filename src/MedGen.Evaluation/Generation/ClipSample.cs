namespace MedGen.Evaluation.Generation;

/// <summary>Clips of one shape that are measured together.</summary>
/// <param name="Clips">R, G, B bytes of each, frame by frame.</param>
/// <param name="Prompts">Index of the prompt that each belongs to.</param>
internal sealed record ClipSample(IReadOnlyList<byte[]> Clips, IReadOnlyList<int> Prompts);
