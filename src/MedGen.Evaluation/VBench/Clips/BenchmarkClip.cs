namespace MedGen.Evaluation.VBench.Clips;

/// <summary>A clip of a benchmark.</summary>
/// <param name="Name">Its file below the folder.</param>
/// <param name="Path">The file.</param>
/// <param name="Prompt">What it was made for.</param>
/// <param name="Seed">Seed that it was made with, as the list says; null: not stated.</param>
public sealed record BenchmarkClip(string Name, string Path, string Prompt, long? Seed);
