using System.ComponentModel.DataAnnotations;

namespace MedGen.Training.Recipes;

/// <summary>What a text encoder learns from; at least one weight is above 0.</summary>
public sealed record TextOptions
{
    /// <summary>Weight of telling from every row of a caption what is true of its clip. 0 to 1,000; default 1.</summary>
    [Range(0.0, 1000.0)]
    public double Facts { get; init; } = 1;

    /// <summary>
    /// Weight of imitating the base's text encoder: the base's transformer, which stays as it is, shall predict from a clip's caption in any wording
    /// what it predicts from the one that the base understands. 0: the base's transformer will not fit. 0 to 1,000; default 0.
    /// </summary>
    [Range(0.0, 1000.0)]
    public double Imitation { get; init; }

    /// <summary>Captions of a batch that the transformer is shown, since they cost most; null: all. 1 to 4096; default null.</summary>
    [Range(1, 4096)]
    public int? Imitated { get; init; }
}
