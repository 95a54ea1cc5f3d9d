using System.Globalization;
using System.Text.Json;
using MedGen.Abstractions.Errors;

namespace MedGen.Model.TextEncoders.Tokenization;

/// <summary>
/// Reads a unigram model from the <c>tokenizer.json</c> of the Hugging Face tokenizers library: model Unigram, normalizer Precompiled with
/// rules about spaces, pre-tokenizer Metaspace, a template that appends the end-of-sentence piece.
/// </summary>
internal static class TokenizerJsonReader
{
    /// <summary>Reads the document.</summary>
    /// <param name="bytes">The file, UTF-8.</param>
    /// <param name="fileName">File named in errors.</param>
    /// <returns>The model.</returns>
    /// <exception cref="ModelFormatException">The file is no such document, or it asks for something that this tokenizer does not do.</exception>
    public static SentencePieceModel Read(ReadOnlyMemory<byte> bytes, string fileName)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(bytes);
            return ReadModel(document.RootElement, fileName);
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new ModelFormatException(fileName, $"{fileName} is not a unigram tokenizer.json: {exception.Message}", exception);
        }
    }

    private static SentencePieceModel ReadModel(JsonElement root, string fileName)
    {
        JsonElement model = root.GetProperty("model");
        string type = model.TryGetProperty("type", out JsonElement typeName) ? typeName.GetString()! : "Unigram";
        if (type != "Unigram")
        {
            throw new ModelFormatException(fileName, $"{fileName}: model type '{type}' is not supported, only 'Unigram'.");
        }

        bool byteFallback = model.TryGetProperty("byte_fallback", out JsonElement fallback) && fallback.GetBoolean();
        int unknown = model.GetProperty("unk_id").GetInt32();
        HashSet<int> special = [];
        foreach (JsonElement token in Array(root, "added_tokens"))
        {
            if (token.GetProperty("special").GetBoolean())
            {
                special.Add(token.GetProperty("id").GetInt32());
            }
        }

        List<Piece> pieces = [];
        foreach (JsonElement entry in model.GetProperty("vocab").EnumerateArray())
        {
            string text = entry[0].GetString()!;
            PieceType pieceType = pieces.Count == unknown ? PieceType.Unknown
                : special.Contains(pieces.Count) ? PieceType.Control
                : byteFallback && IsBytePiece(text) ? PieceType.Byte
                : PieceType.Normal;
            pieces.Add(new Piece(text, entry[1].GetSingle(), pieceType));
        }

        if (unknown < 0 || unknown >= pieces.Count)
        {
            throw new ModelFormatException(fileName, $"{fileName}: unk_id is {unknown}, but the vocabulary has {pieces.Count} pieces.");
        }

        Normalization normalization = new();
        ReadNormalizer(root.GetProperty("normalizer"), normalization, fileName);
        ReadPreTokenizer(root.GetProperty("pre_tokenizer"), normalization, fileName);
        return new SentencePieceModel
        {
            Pieces = pieces,
            CharacterMap = normalization.CharacterMap,
            AddDummyPrefix = normalization.AddDummyPrefix,
            RemoveExtraWhitespaces = normalization.RemoveExtraWhitespaces,
            ByteFallback = byteFallback,
            PadId = SentencePieceModel.FindSpecial(pieces, "<pad>", fileName),
            EosId = SentencePieceModel.FindSpecial(pieces, "</s>", fileName),
            UnkId = unknown,
        };
    }

    private static void ReadNormalizer(JsonElement normalizer, Normalization normalization, string fileName)
    {
        if (normalizer.ValueKind == JsonValueKind.Null)
        {
            return;
        }

        string type = normalizer.GetProperty("type").GetString()!;
        switch (type)
        {
            case "Sequence":
                foreach (JsonElement inner in normalizer.GetProperty("normalizers").EnumerateArray())
                {
                    ReadNormalizer(inner, normalization, fileName);
                }

                break;
            case "Precompiled":
                normalization.CharacterMap = normalizer.GetProperty("precompiled_charsmap").GetBytesFromBase64();
                break;
            case "Strip":
            case "Replace" when normalizer.GetProperty("pattern").TryGetProperty("Regex", out JsonElement regex) && regex.GetString() == " {2,}":
                normalization.RemoveExtraWhitespaces = true;
                break;
            default:
                throw new ModelFormatException(
                    fileName, $"{fileName}: normalizer '{type}' is not supported, only Precompiled, Strip and the joining of spaces.");
        }
    }

    private static void ReadPreTokenizer(JsonElement preTokenizer, Normalization normalization, string fileName)
    {
        string type = preTokenizer.GetProperty("type").GetString()!;
        switch (type)
        {
            case "Sequence":
                foreach (JsonElement inner in preTokenizer.GetProperty("pretokenizers").EnumerateArray())
                {
                    ReadPreTokenizer(inner, normalization, fileName);
                }

                break;
            case "WhitespaceSplit":
                normalization.RemoveExtraWhitespaces = true;
                break;
            case "Metaspace":
                normalization.AddDummyPrefix = preTokenizer.TryGetProperty("prepend_scheme", out JsonElement scheme)
                    ? scheme.GetString() != "never"
                    : !preTokenizer.TryGetProperty("add_prefix_space", out JsonElement add) || add.GetBoolean();
                break;
            default:
                throw new ModelFormatException(fileName, $"{fileName}: pre-tokenizer '{type}' is not supported, only WhitespaceSplit and Metaspace.");
        }
    }

    private static JsonElement.ArrayEnumerator Array(JsonElement root, string name) =>
        root.TryGetProperty(name, out JsonElement array) && array.ValueKind == JsonValueKind.Array ? array.EnumerateArray() : default;

    private static bool IsBytePiece(string text) =>
        text.Length == 6 && text.StartsWith("<0x", StringComparison.Ordinal) && text[5] == '>'
        && byte.TryParse(text.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out _);

    private sealed class Normalization
    {
        public byte[] CharacterMap { get; set; } = [];

        public bool AddDummyPrefix { get; set; }

        public bool RemoveExtraWhitespaces { get; set; }
    }
}
