using MedGen.Sdk.Errors;

namespace MedGen.Model.TextEncoders.Tokenization;

/// <summary>A piece of the vocabulary.</summary>
/// <param name="Text">Its text, in which U+2581 stands for a space.</param>
/// <param name="Score">Its log probability.</param>
/// <param name="Type">What it matches.</param>
internal readonly record struct Piece(string Text, float Score, PieceType Type);

/// <summary>What a SentencePiece unigram model file says, whichever of its two layouts it came in.</summary>
internal sealed record SentencePieceModel
{
    /// <summary>The pieces by id.</summary>
    public required IReadOnlyList<Piece> Pieces { get; init; }

    /// <summary>Precompiled normalisation map, empty for none.</summary>
    public required ReadOnlyMemory<byte> CharacterMap { get; init; }

    /// <summary>Whether a space is put in front of the text.</summary>
    public bool AddDummyPrefix { get; init; } = true;

    /// <summary>Whether leading, trailing and repeated spaces are dropped.</summary>
    public bool RemoveExtraWhitespaces { get; init; } = true;

    /// <summary>Whether unknown characters become byte pieces.</summary>
    public bool ByteFallback { get; init; }

    /// <summary>What an unknown piece decodes to.</summary>
    public string UnknownSurface { get; init; } = " \u2047 ";

    /// <summary>Id of the padding piece; 0 where the model has none, since padding is masked whatever it is.</summary>
    public required int PadId { get; init; }

    /// <summary>Id of the end-of-sentence piece.</summary>
    public required int EosId { get; init; }

    /// <summary>Id of the unknown piece.</summary>
    public required int UnkId { get; init; }

    /// <summary>Finds the id of a special piece.</summary>
    /// <param name="pieces">The vocabulary.</param>
    /// <param name="text">Text of the special piece.</param>
    /// <param name="fileName">File named in the error.</param>
    /// <returns>The id.</returns>
    /// <exception cref="ModelFormatException">No piece has that text.</exception>
    public static int FindSpecial(IReadOnlyList<Piece> pieces, string text, string fileName)
    {
        for (int id = 0; id < pieces.Count; id++)
        {
            if (pieces[id].Text == text)
            {
                return id;
            }
        }

        throw new ModelFormatException(fileName, $"{fileName}: the vocabulary of {pieces.Count} pieces has no '{text}'.");
    }
}
