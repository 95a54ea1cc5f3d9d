using System.Collections.Frozen;

namespace MedGen.Datasets.Ratings;

/// <summary>A question that people answer about clips.</summary>
/// <param name="Name">What it is called in designs and tables.</param>
/// <param name="Scale">What is asked of one clip, 1 to 5.</param>
/// <param name="Comparison">What is asked of two clips.</param>
public sealed record RatingQuestion(string Name, string Scale, string Comparison)
{
    /// <summary>How strongly a clip warps; the paper's warping error.</summary>
    public const string WarpingError = "warping_error";

    /// <summary>Least answer on the scale.</summary>
    public const int Lowest = 1;

    /// <summary>Greatest answer on the scale.</summary>
    public const int Highest = 5;

    /// <summary>Answer of a comparison that neither is better.</summary>
    public const string Tie = "tie";

    /// <summary>Questions of scales and comparisons.</summary>
    public static IReadOnlyList<RatingQuestion> General { get; } =
    [
        new("text_alignment", "Does the clip show what the text says? 1 not at all, 5 fully", "Which clip shows better what the text says?"),
        new("medical_accuracy", "Is it medically right? 1 wrong, 5 right", "Which clip is medically more right?"),
        new("visual_quality", "How good is the picture? 1 bad, 5 excellent", "Which clip has the better picture?"),
        new(WarpingError, "Do things warp, melt or jump? 1 never, 5 all the time", "In which clip do things warp, melt or jump less?"),
    ];

    /// <summary>Questions about a clip of an operation, each asked of its beginning up to <see cref="SurgicalSeconds"/>.</summary>
    public static IReadOnlyList<RatingQuestion> Surgical { get; } =
    [
        new("looks", "Does it look like a recording? 1 not at all, 5 fully", ""),
        new("tools", "Do the instruments look and move right? 1 not at all, 5 fully", ""),
        new("tissue", "Does the tissue look and behave right? 1 not at all, 5 fully", ""),
        new("logic", "Does what is done make sense? 1 not at all, 5 fully", ""),
    ];

    /// <summary>Lengths of the beginnings that surgical questions are asked of, in s.</summary>
    public static IReadOnlyList<int> SurgicalSeconds { get; } = [1, 3, 8];

    private static FrozenDictionary<string, RatingQuestion> ByName { get; } = General.Concat(Surgical).ToFrozenDictionary(one => one.Name);

    /// <summary>A question by its name; null: there is none.</summary>
    /// <param name="name">The name.</param>
    public static RatingQuestion? Find(string name) => ByName.GetValueOrDefault(name);
}
