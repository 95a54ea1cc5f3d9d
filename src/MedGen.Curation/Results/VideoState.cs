using MedGen.Curation.Clips;

namespace MedGen.Curation.Results;

/// <summary>How far a film is: a file of its own, replaced as a whole, from which an interrupted run goes on.</summary>
internal sealed record VideoState
{
    /// <summary>Its clips, dropped ones too.</summary>
    public required IReadOnlyList<CuratedClip> Clips { get; init; }

    /// <summary>What each stage was given and let through, by its name.</summary>
    public IReadOnlyDictionary<string, StageCount> Counts { get; init; } = new Dictionary<string, StageCount>();

    /// <summary>Whether every clip is through every stage.</summary>
    public bool IsDone { get; init; }
}
