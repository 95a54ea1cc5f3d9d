using MedGen.Sdk.Generation;

namespace MedGen.Model.Pipelines;

/// <summary>One step of a session.</summary>
/// <param name="Updates">What happened; the caller owns the frames in it.</param>
/// <param name="Error">Why the session cannot go on; null: it can.</param>
public sealed record SessionStep(IReadOnlyList<GenerationUpdate> Updates, Exception? Error = null);
