namespace MedGen.Sdk.Classification;

/// <summary>Whether an answer stands.</summary>
public enum PredictionState
{
    /// <summary>The classifier makes no such difference.</summary>
    Unstated,

    /// <summary>The most probable label so far; it has not lasted long enough to be relied on.</summary>
    Provisional,

    /// <summary>The classifier stands by it until it tells of a transition.</summary>
    Committed,
}
