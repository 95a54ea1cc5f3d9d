using System.Buffers.Binary;
using System.Text;

namespace MedGen.Training.Tokenization;

/// <summary>
/// Writes a SentencePiece <c>.model</c> file: a ModelProto message of sentencepiece_model.proto (google/sentencepiece) of the unigram kind, with byte
/// fallback, in the order of umT5: <c>&lt;pad&gt;</c>, <c>&lt;/s&gt;</c>, <c>&lt;unk&gt;</c>, 256 byte pieces, then the vocabulary.
/// </summary>
internal static class SentencePieceModelWriter
{
    /// <summary>Pieces in front of the vocabulary.</summary>
    public const int SpecialPieces = 3 + 256;

    private const int Unknown = 2;
    private const int Control = 3;
    private const int Byte = 6;

    /// <summary>Writes the message.</summary>
    /// <param name="pieces">The vocabulary.</param>
    /// <returns>The bytes of the file.</returns>
    public static byte[] Write(IReadOnlyList<VocabularyPiece> pieces)
    {
        using MemoryStream model = new();
        AddPiece(model, "<pad>", 0, Control);
        AddPiece(model, "</s>", 0, Control);
        AddPiece(model, "<unk>", 0, Unknown);
        for (int value = 0; value <= byte.MaxValue; value++)
        {
            AddPiece(model, $"<0x{value:X2}>", 0, Byte);
        }

        foreach (VocabularyPiece piece in pieces)
        {
            AddPiece(model, piece.Text, piece.Score, type: null);
        }

        using MemoryStream trainer = new();
        AddNumber(trainer, 3, 1); // model_type: unigram
        AddNumber(trainer, 4, (ulong)(pieces.Count + SpecialPieces)); // vocab_size
        AddNumber(trainer, 35, 1); // byte_fallback
        AddNumber(trainer, 40, 2); // unk_id
        AddNumber(trainer, 41, ulong.MaxValue); // bos_id: -1, none
        AddNumber(trainer, 42, 1); // eos_id
        AddNumber(trainer, 43, 0); // pad_id
        AddBytes(model, 2, trainer.ToArray());
        using MemoryStream normalizer = new();
        AddBytes(normalizer, 1, "identity"u8); // name
        AddNumber(normalizer, 3, 1); // add_dummy_prefix
        AddNumber(normalizer, 4, 1); // remove_extra_whitespaces
        AddNumber(normalizer, 5, 1); // escape_whitespaces
        AddBytes(model, 3, normalizer.ToArray());
        return model.ToArray();
    }

    private static void AddPiece(MemoryStream model, string text, float score, int? type)
    {
        using MemoryStream piece = new();
        AddBytes(piece, 1, Encoding.UTF8.GetBytes(text));
        piece.WriteByte((2 << 3) | 5); // field 2, four bytes
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteSingleLittleEndian(number, score);
        piece.Write(number);
        if (type is { } kind)
        {
            AddNumber(piece, 3, (ulong)kind);
        }

        AddBytes(model, 1, piece.ToArray());
    }

    private static void AddBytes(MemoryStream message, int field, ReadOnlySpan<byte> bytes)
    {
        AddVarint(message, ((ulong)field << 3) | 2);
        AddVarint(message, (ulong)bytes.Length);
        message.Write(bytes);
    }

    private static void AddNumber(MemoryStream message, int field, ulong number)
    {
        AddVarint(message, (ulong)field << 3);
        AddVarint(message, number);
    }

    private static void AddVarint(MemoryStream message, ulong number)
    {
        for (; number > 0x7F; number >>= 7)
        {
            message.WriteByte((byte)(number | 0x80));
        }

        message.WriteByte((byte)number);
    }
}
