namespace MedGen.Model.Verification;

/// <summary>The weights of one model in a fixture folder.</summary>
/// <param name="Label">What rows call it: the file's name, of shards without their numbers.</param>
/// <param name="Files">The file, or the shards in order.</param>
/// <param name="Config">The config that belongs to it; null: there is none.</param>
internal sealed record FixtureWeights(string Label, IReadOnlyList<string> Files, string? Config);
