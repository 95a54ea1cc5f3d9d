using System.Collections.Concurrent;

namespace MedGen.Bench.Chaos;

/// <summary>What the host has acknowledged, and what it was asked without an answer.</summary>
internal sealed class ChaosLedger
{
    /// <summary>Hash of the content by artifact id: uploads that were acknowledged and not asked to be deleted.</summary>
    public ConcurrentDictionary<string, string> Uploads { get; } = new();

    /// <summary>Artifacts that were deleted for certain.</summary>
    public ConcurrentBag<string> Deleted { get; } = [];

    /// <summary>Artifacts that were asked to be deleted, without an answer: they may be there or not.</summary>
    public ConcurrentBag<string> PerhapsDeleted { get; } = [];

    /// <summary>Job id by idempotency key, for each kind of job; empty: asked without an answer.</summary>
    public ConcurrentDictionary<string, string> Generations { get; } = new();

    /// <summary>As <see cref="Generations"/>.</summary>
    public ConcurrentDictionary<string, string> Classifications { get; } = new();

    /// <summary>As <see cref="Generations"/>.</summary>
    public ConcurrentDictionary<string, string> Augmentations { get; } = new();

    public override string ToString() =>
        $"{Uploads.Count + Deleted.Count + PerhapsDeleted.Count} uploads, {Deleted.Count} deletions, {Generations.Count} generations, "
        + $"{Classifications.Count} classifications and {Augmentations.Count} augmentations";
}
