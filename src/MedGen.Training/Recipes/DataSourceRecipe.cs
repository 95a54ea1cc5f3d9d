using System.ComponentModel.DataAnnotations;

namespace MedGen.Training.Recipes;

/// <summary>One source of clips.</summary>
public sealed record DataSourceRecipe
{
    /// <summary>Name that stages mix by, up to 64 characters, unique.</summary>
    [StringLength(64, MinimumLength = 1)]
    public required string Name { get; init; }

    /// <summary>Where the clips come from.</summary>
    public required DataSourceType Type { get; init; }

    /// <summary><c>phantoms</c>: kinds to simulate; empty: all.</summary>
    public IReadOnlyList<string> Kinds { get; init; } = [];

    /// <summary><c>phantoms</c>: first seed. Default 0.</summary>
    [Range(0, int.MaxValue)]
    public int FirstSeed { get; init; }

    /// <summary><c>phantoms</c>: clips of each kind, with seeds one after the other. 1 to 1,000,000; default 256.</summary>
    [Range(1, 1_000_000)]
    public int Seeds { get; init; } = 256;

    /// <summary>
    /// <c>phantoms</c>: captions in free words that are drawn for each clip from the lexicon (src/MedGen.Phantoms/Lexicon). 0 to 1,000; default 0.
    /// </summary>
    [Range(0, 1000)]
    public int FreeCaptions { get; init; }

    /// <summary>
    /// <c>phantoms</c>: share of the lexicon's templates, by their hash, that training clips' free captions never have; those of held-out clips have
    /// no others, and show what a wording is worth that was never seen. 0 to 0.5; default 0.
    /// </summary>
    [Range(0.0, 0.5)]
    public double HeldOutTemplates { get; init; }

    /// <summary>
    /// <c>phantoms</c>: the same for the lexicon's names: share of them, by their hash, that training clips' free captions never have; those of
    /// held-out clips have them wherever they can. For measuring, since a name that is left out is not learnt. 0 to 0.5; default 0.
    /// </summary>
    [Range(0.0, 0.5)]
    public double HeldOutWords { get; init; }

    /// <summary>
    /// <c>clips</c>: takes only files whose <c>licence</c> lets weights be given away (CC0, CC BY, CC BY-SA, public domain, MIT, BSD, Apache).
    /// Default false.
    /// </summary>
    public bool PermissiveOnly { get; init; }

    /// <summary><c>clips</c> and <c>folder</c>: the folder, relative to the recipe.</summary>
    public string? Folder { get; init; }

    /// <summary><c>clips</c>: modality codes to take, <c>folder</c>: labels to take; empty: all. Each must have a clip.</summary>
    public IReadOnlyList<string> Classes { get; init; } = [];

    /// <summary>Groups (patients, recordings) that are held out by name. Each must exist.</summary>
    public IReadOnlyList<string> HeldOutGroups { get; init; } = [];

    /// <summary>Share of the groups that is held out by the hash of their name (phantoms: of the seeds). 0 to 0.9; default 0.</summary>
    [Range(0.0, 0.9)]
    public double HeldOutFraction { get; init; }

    /// <summary>At most so many training clips, the first by the hash of their name; null: all.</summary>
    [Range(1, int.MaxValue)]
    public int? MaxClips { get; init; }

    /// <summary>So many unreadable clips are named and skipped; one more ends the training. 0 to 100,000; default 10.</summary>
    [Range(0, 100_000)]
    public int MaxUnreadable { get; init; } = 10;
}
