using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using MedGen.Sdk.Errors;
using MedGen.Torch.Safetensors;
using TorchSharp;

namespace MedGen.Model.TextEncoders.Tokenization;

/// <summary>
/// SentencePiece unigram tokenizer (google/sentencepiece) with byte fallback, equal to it id for id. Text that looks like a special token
/// (<c>&lt;/s&gt;</c>, <c>&lt;pad&gt;</c>) is plain text. Immutable and safe for use from several threads.
/// </summary>
public sealed class SentencePieceTokenizer
{
    private const int ByteCount = 256;

    private readonly SentencePieceModel _model;
    private readonly SentencePieceNormalizer _normalizer;
    private readonly UnigramSegmenter _segmenter;
    private readonly int[] _byteIds;
    private readonly Dictionary<int, byte> _bytes = [];

    private SentencePieceTokenizer(SentencePieceModel model, string fileName)
    {
        _model = model;
        _normalizer = new SentencePieceNormalizer(model);
        _segmenter = new UnigramSegmenter(model);
        _byteIds = new int[model.ByteFallback ? ByteCount : 0];
        for (int value = 0; value < _byteIds.Length; value++)
        {
            _byteIds[value] = SentencePieceModel.FindSpecial(model.Pieces, BytePiece(value), fileName);
            _bytes[_byteIds[value]] = (byte)value;
        }
    }

    /// <summary>Number of pieces. The embedding table of a model may have more rows.</summary>
    public int VocabularySize => _model.Pieces.Count;

    /// <summary>Id of padding.</summary>
    public int PadId => _model.PadId;

    /// <summary>Id of the end of a sentence.</summary>
    public int EosId => _model.EosId;

    /// <summary>Id of an unknown character.</summary>
    public int UnkId => _model.UnkId;

    /// <summary>Loads a tokenizer.</summary>
    /// <param name="path">By its ending: a SentencePiece <c>.model</c> file, a Hugging Face <c>tokenizer.json</c>, or a text encoder's
    /// <c>.safetensors</c> that holds one.</param>
    /// <returns>The tokenizer.</returns>
    /// <exception cref="ModelFormatException">The file cannot be read, is broken, or is not a unigram model.</exception>
    public static SentencePieceTokenizer Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string fileName = Path.GetFileName(path);
        try
        {
            SentencePieceModel model = Path.GetExtension(path).ToUpperInvariant() switch
            {
                ".JSON" => TokenizerJsonReader.Read(File.ReadAllBytes(path), fileName),
                ".SAFETENSORS" => SentencePieceModelReader.Read(Within(path), fileName),
                _ => SentencePieceModelReader.Read(File.ReadAllBytes(path), fileName),
            };
            return new SentencePieceTokenizer(model, fileName);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new ModelFormatException(fileName, $"{fileName} cannot be used as a tokenizer: {exception.Message}", exception);
        }
    }

    /// <summary>Encodes a text.</summary>
    /// <param name="text">Any text; a lone surrogate counts as U+FFFD.</param>
    /// <param name="maxLength">At most so many ids, end of sentence included; null for no limit.</param>
    /// <returns>Ids, of which the last is <see cref="EosId"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxLength"/> is below 1.</exception>
    public int[] Encode(string text, int? maxLength = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxLength ?? 1, 1, nameof(maxLength));
        List<Segment> segments = EncodePieces(text);
        int kept = Math.Min(segments.Count, (maxLength ?? int.MaxValue) - 1);
        int[] ids = new int[kept + 1];
        for (int i = 0; i < kept; i++)
        {
            ids[i] = segments[i].Id;
        }

        ids[kept] = EosId;
        return ids;
    }

    /// <summary>Decodes ids. Padding, end of sentence and the space in front of the text leave no trace.</summary>
    /// <param name="ids">Ids.</param>
    /// <returns>The text; bytes that are no UTF-8 become U+FFFD.</returns>
    /// <exception cref="InvalidInputException">An id is outside of the vocabulary.</exception>
    public string Decode(IEnumerable<int> ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        StringBuilder text = new();
        List<byte> bytes = [];
        bool atStart = _model.AddDummyPrefix || _model.RemoveExtraWhitespaces;
        foreach (int id in ids)
        {
            if (id < 0 || id >= _model.Pieces.Count)
            {
                throw new InvalidInputException("ids", $"{id} is not an id of this vocabulary; allowed: 0 to {_model.Pieces.Count - 1}.");
            }

            Piece piece = _model.Pieces[id];
            if (_bytes.TryGetValue(id, out byte value))
            {
                bytes.Add(value);
                continue;
            }

            FlushBytes(bytes, text);
            switch (piece.Type)
            {
                case PieceType.Control:
                    continue;
                case PieceType.Unknown:
                    text.Append(_model.UnknownSurface);
                    continue;
            }

            ReadOnlySpan<char> surface = piece.Text;
            if (atStart && text.Length == 0 && surface.StartsWith([SentencePieceNormalizer.SpaceSymbol]))
            {
                surface = surface[1..];
                atStart = _model.RemoveExtraWhitespaces;
            }

            text.Append(surface);
        }

        FlushBytes(bytes, text);
        return text.Replace(SentencePieceNormalizer.SpaceSymbol, ' ').ToString();
    }

    /// <summary>Encodes a text into pieces without the end of sentence, the byte pieces of an unknown character one by one.</summary>
    /// <param name="text">Any text.</param>
    /// <returns>The pieces.</returns>
    internal List<Segment> EncodePieces(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        List<Segment> pieces = [];
        foreach (Segment segment in _segmenter.Segment(_normalizer.Normalize(text)))
        {
            if (segment.Id != UnkId)
            {
                pieces.Add(segment);
            }
            else if (_model.ByteFallback)
            {
                foreach (byte value in Encoding.UTF8.GetBytes(segment.Text))
                {
                    pieces.Add(new Segment(_byteIds[value], BytePiece(value)));
                }
            }
            else if (pieces.Count > 0 && pieces[^1].Id == UnkId)
            {
                // Neighbouring unknown characters are one unknown piece.
                pieces[^1] = new Segment(UnkId, pieces[^1].Text + segment.Text);
            }
            else
            {
                pieces.Add(segment);
            }
        }

        return pieces;
    }

    private static byte[] Within(string path)
    {
        using SafetensorsFile file = SafetensorsFile.Open(path);
        using torch.Tensor bytes = file.Read(UMT5EncoderKeys.TokenizerName); // [length]
        return bytes.dtype == torch.ScalarType.Byte && bytes.dim() == 1
            ? bytes.data<byte>().ToArray()
            : throw new InvalidDataException(
                $"'{UMT5EncoderKeys.TokenizerName}' is {bytes.dtype} [{string.Join(", ", bytes.shape)}], expected bytes");
    }

    private static string BytePiece(int value) => $"<0x{value:X2}>";

    private static void FlushBytes(List<byte> bytes, StringBuilder text)
    {
        ReadOnlySpan<byte> rest = CollectionsMarshal.AsSpan(bytes);
        while (!rest.IsEmpty)
        {
            // SentencePiece replaces broken UTF-8 byte by byte, where .NET replaces a broken sequence as a whole.
            OperationStatus status = Rune.DecodeFromUtf8(rest, out Rune rune, out int consumed);
            text.Append(rune);
            rest = rest[(status == OperationStatus.Done ? consumed : 1)..];
        }

        bytes.Clear();
    }
}
