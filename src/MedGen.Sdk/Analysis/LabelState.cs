namespace MedGen.Sdk.Analysis;

/// <summary>Whether an answer stands.</summary>
public enum LabelState
{
    /// <summary>The analyzer makes no such difference.</summary>
    Unstated,

    /// <summary>The most probable label so far; it has not lasted long enough to be relied on.</summary>
    Provisional,

    /// <summary>The analyzer stands by it until it tells of a transition.</summary>
    Committed,
}
