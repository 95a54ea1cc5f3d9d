namespace MedGen.Evaluation.VBench.Results;

/// <summary>The scores of one clip.</summary>
/// <param name="Name">Its file below the folder.</param>
/// <param name="Sha256">Its content.</param>
/// <param name="Prompt">What it was made for.</param>
/// <param name="Seed">Its seed; null: not stated.</param>
/// <param name="Scores">By the name of the score; null: the clip is too short for it.</param>
public sealed record ScoredClip(string Name, string Sha256, string Prompt, long? Seed, IReadOnlyDictionary<string, double?> Scores);
