namespace MedGen.Datasets.Ratings;

/// <summary>An answer to one question.</summary>
public sealed record RatingRow
{
    /// <summary>When it was given.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Who gave it.</summary>
    public required string Rater { get; init; }

    /// <summary>How it was asked.</summary>
    public required RatingKind Kind { get; init; }

    /// <summary>The page; see <see cref="RatingItem.Id"/>.</summary>
    public required string Item { get; init; }

    /// <summary>What the clips were made for.</summary>
    public required string Prompt { get; init; }

    /// <summary>The question's name.</summary>
    public required string Question { get; init; }

    /// <summary>Of a surgical question: how much of the beginning was shown, in s; null: all.</summary>
    public int? Seconds { get; init; }

    /// <summary>Who made the clip; of a comparison, the system that the design names first.</summary>
    public required string System { get; init; }

    /// <summary>Of a comparison: the other system; empty: there is none.</summary>
    public string Other { get; init; } = "";

    /// <summary>Of a comparison: the system on the left; empty: there is none.</summary>
    public string Left { get; init; } = "";

    /// <summary>1 to 5; of a comparison the better system, or <see cref="RatingQuestion.Tie"/>.</summary>
    public required string Answer { get; init; }
}
