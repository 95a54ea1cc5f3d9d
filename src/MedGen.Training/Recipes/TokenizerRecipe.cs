using System.ComponentModel.DataAnnotations;

namespace MedGen.Training.Recipes;

/// <summary>The vocabulary that is trained on the captions.</summary>
public sealed record TokenizerRecipe
{
    /// <summary>Pieces in all, 259 special and byte pieces among them. 300 to 64,000; a small corpus may give fewer.</summary>
    [Range(300, 64_000)]
    public required int VocabularySize { get; init; }
}
