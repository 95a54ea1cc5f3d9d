using System.ComponentModel.DataAnnotations;

namespace MedGen.Training.Recipes;

/// <summary>
/// What a training does, read from a JSON file (docs/training.md): data, sizes of the parts, and the runs that train them one after the other.
/// </summary>
public sealed record TrainingRecipe
{
    /// <summary>Name of the model, up to 64 characters.</summary>
    [StringLength(64, MinimumLength = 1)]
    public required string Name { get; init; }

    /// <summary>Seed of everything that is drawn. 0 or more; default 1.</summary>
    [Range(0, int.MaxValue)]
    public int Seed { get; init; } = 1;

    /// <summary>Model folder, relative to the recipe, whose parts are used where the recipe trains none; null: none.</summary>
    public string? Base { get; init; }

    /// <summary>Where clips come from, 1 to 32 sources.</summary>
    [MinLength(1)]
    [MaxLength(32)]
    public required IReadOnlyList<DataSourceRecipe> Data { get; init; }

    /// <summary>Sizes of the autoencoder; needed by an <c>autoencoder</c> run.</summary>
    public AutoencoderRecipe? Autoencoder { get; init; }

    /// <summary>
    /// Size of the vocabulary. A <c>text+flow</c> run needs all three of tokenizer, text encoder and transformer, or none: then it goes on from the
    /// base's, with its vocabulary.
    /// </summary>
    public TokenizerRecipe? Tokenizer { get; init; }

    /// <summary>Sizes of the text encoder, as for <see cref="Tokenizer"/>.</summary>
    public TextEncoderRecipe? TextEncoder { get; init; }

    /// <summary>Sizes of the transformer, as for <see cref="Tokenizer"/>. A <c>flow</c> run without it goes on from the base's.</summary>
    public TransformerRecipe? Transformer { get; init; }

    /// <summary>What is trained, in order, 1 to 8 runs.</summary>
    [MinLength(1)]
    [MaxLength(8)]
    public required IReadOnlyList<RunRecipe> Runs { get; init; }
}
