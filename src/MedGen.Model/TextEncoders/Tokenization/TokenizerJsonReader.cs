using System.Globalization;
using System.Text.Json;
using MedGen.Sdk.Errors;

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
        catch (Exception exception) when (exception
            is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or IndexOutOfRangeException)
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
        Dictionary<int, bool> added = [];
        foreach (JsonElement token in Array(root, "added_tokens"))
        {
            added[token.GetProperty("id").GetInt32()] = token.GetProperty("special").GetBoolean();
        }

        List<Piece> pieces = [];
        foreach (JsonElement entry in model.GetProperty("vocab").EnumerateArray())
        {
            string text = entry[0].GetString()!;
            PieceType pieceType = pieces.Count == unknown ? PieceType.Unknown
                : added.TryGetValue(pieces.Count, out bool isSpecial) ? (isSpecial ? PieceType.Control : PieceType.UserDefined)
                : byteFallback && IsBytePiece(text) ? PieceType.Byte
                : PieceType.Normal;
            pieces.Add(new Piece(text, entry[1].GetSingle(), pieceType));
        }

        if (unknown < 0 || unknown >= pieces.Count)
        {
            throw new ModelFormatException(fileName, $"{fileName}: unk_id is {unknown}, but the vocabulary has {pieces.Count} pieces.");
        }

        Normalization normalization = new();
        if (Object(root, "normalizer") is { } normalizer)
        {
            ReadNormalizer(normalizer, normalization, fileName);
        }

        if (Object(root, "pre_tokenizer") is { } preTokenizer)
        {
            ReadPreTokenizer(preTokenizer, normalization, fileName);
        }

        return new SentencePieceModel
        {
            Pieces = pieces,
            CharacterMap = normalization.CharacterMap,
            AddDummyPrefix = normalization.AddDummyPrefix,
            RemoveExtraWhitespaces = normalization.RemoveExtraWhitespaces,
            ByteFallback = byteFallback,
            PadId = Object(root, "padding")?.GetProperty("pad_id").GetInt32()
                ?? Math.Max(0, pieces.FindIndex(piece => piece.Type == PieceType.Control && piece.Text is "<pad>" or "[PAD]")),
            EosId = ReadAppended(root, fileName) ?? SentencePieceModel.FindSpecial(pieces, "</s>", fileName),
            UnkId = unknown,
        };
    }

    /// <summary>The id of the piece that the template appends; null: there is no template.</summary>
    private static int? ReadAppended(JsonElement root, string fileName)
    {
        if (Object(root, "post_processor") is not { } processor)
        {
            return null;
        }

        if (!processor.TryGetProperty("single", out JsonElement single))
        {
            throw new ModelFormatException(
                fileName, $"{fileName}: post-processor '{processor.GetProperty("type").GetString()}' is not supported, only TemplateProcessing.");
        }

        string[] kinds = [.. single.EnumerateArray().Select(part => part.EnumerateObject().First().Name)];
        if (kinds is not ["Sequence", "SpecialToken"])
        {
            throw new ModelFormatException(
                fileName, $"{fileName}: the template is {string.Join(", ", kinds)}; supported is a sequence with one special token behind it.");
        }

        string name = single[1].GetProperty("SpecialToken").GetProperty("id").GetString()!;
        return processor.GetProperty("special_tokens").GetProperty(name).GetProperty("ids")[0].GetInt32();
    }

    private static void ReadNormalizer(JsonElement normalizer, Normalization normalization, string fileName)
    {
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

    private static JsonElement? Object(JsonElement root, string name) =>
        root.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Object ? value : null;

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
