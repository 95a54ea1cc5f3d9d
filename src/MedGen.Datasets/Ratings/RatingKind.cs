namespace MedGen.Datasets.Ratings;

/// <summary>How people are asked.</summary>
public enum RatingKind
{
    /// <summary>Two clips of one prompt, side by side: which is better.</summary>
    Pairwise,

    /// <summary>One clip, 1 to 5.</summary>
    Likert,

    /// <summary>The beginning of one clip, 1 to 5.</summary>
    Surgical,
}
