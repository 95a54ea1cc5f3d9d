namespace MedGen.Curation.Results;

/// <summary>What went into a stage and what came out.</summary>
/// <param name="Before">Clips before it.</param>
/// <param name="After">Clips after it; more than before where it divides them.</param>
/// <param name="SecondsBefore">Their length before it, in s.</param>
/// <param name="SecondsAfter">Their length after it, in s.</param>
public sealed record StageCount(int Before, int After, double SecondsBefore, double SecondsAfter)
{
    /// <summary>Nothing.</summary>
    internal static StageCount None { get; } = new(0, 0, 0, 0);

    /// <summary>Both together.</summary>
    internal StageCount Plus(StageCount other) => new(
        Before + other.Before, After + other.After, SecondsBefore + other.SecondsBefore, SecondsAfter + other.SecondsAfter);
}
