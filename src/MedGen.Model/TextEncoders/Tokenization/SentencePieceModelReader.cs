using MedGen.Sdk.Errors;

namespace MedGen.Model.TextEncoders.Tokenization;

/// <summary>Reads a SentencePiece <c>.model</c> file: a ModelProto message of sentencepiece_model.proto (google/sentencepiece).</summary>
internal static class SentencePieceModelReader
{
    private const int UnigramModelType = 1;

    /// <summary>Reads the message.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="fileName">File named in errors.</param>
    /// <returns>The model.</returns>
    /// <exception cref="ModelFormatException">The bytes are no SentencePiece model, or it is not of the unigram kind.</exception>
    public static SentencePieceModel Read(ReadOnlySpan<byte> bytes, string fileName)
    {
        try
        {
            return ReadModel(bytes, fileName);
        }
        catch (InvalidDataException exception)
        {
            throw new ModelFormatException(fileName, $"{fileName} is not a SentencePiece model: {exception.Message}.", exception);
        }
    }

    private static SentencePieceModel ReadModel(ReadOnlySpan<byte> bytes, string fileName)
    {
        List<Piece> pieces = [];
        TrainerSpec trainer = new();
        byte[] characterMap = [];
        bool addDummyPrefix = true;
        bool removeExtraWhitespaces = true;
        ProtobufReader message = new(bytes);
        while (message.Next())
        {
            switch (message.Field)
            {
                case 1:
                    pieces.Add(ReadPiece(message.Bytes));
                    break;
                case 2:
                    trainer = ReadTrainer(message.Bytes);
                    break;
                case 3:
                    ProtobufReader normalizer = new(message.Bytes);
                    while (normalizer.Next())
                    {
                        switch (normalizer.Field)
                        {
                            case 2:
                                characterMap = normalizer.Bytes.ToArray();
                                break;
                            case 3:
                                addDummyPrefix = normalizer.Bool;
                                break;
                            case 4:
                                removeExtraWhitespaces = normalizer.Bool;
                                break;
                            case 5 when !normalizer.Bool:
                                throw new ModelFormatException(
                                    fileName, $"{fileName}: spaces are not escaped (escape_whitespaces is false), which is not supported.");
                        }
                    }

                    break;
            }
        }

        if (pieces.Count == 0)
        {
            throw new InvalidDataException("it has no pieces");
        }

        if (trainer.ModelType != UnigramModelType)
        {
            throw new ModelFormatException(fileName, $"{fileName}: model type {trainer.ModelType}; supported is unigram ({UnigramModelType}).");
        }

        if (trainer.WhitespaceAsSuffix)
        {
            throw new ModelFormatException(fileName, $"{fileName}: spaces stand behind words (treat_whitespace_as_suffix), which is not supported.");
        }

        int unknown = pieces.FindIndex(piece => piece.Type == PieceType.Unknown);
        if (unknown < 0)
        {
            throw new ModelFormatException(fileName, $"{fileName}: none of the {pieces.Count} pieces is of the unknown type.");
        }

        return new SentencePieceModel
        {
            Pieces = pieces,
            CharacterMap = characterMap,
            AddDummyPrefix = addDummyPrefix,
            RemoveExtraWhitespaces = removeExtraWhitespaces,
            ByteFallback = trainer.ByteFallback,
            UnknownSurface = trainer.UnknownSurface,
            PadId = Math.Max(0, pieces.FindIndex(piece => piece.Type == PieceType.Control && piece.Text == trainer.PadPiece)),
            EosId = SentencePieceModel.FindSpecial(pieces, trainer.EosPiece, fileName),
            UnkId = unknown,
        };
    }

    private static Piece ReadPiece(ReadOnlySpan<byte> bytes)
    {
        Piece piece = new("", 0, PieceType.Normal);
        ProtobufReader message = new(bytes);
        while (message.Next())
        {
            piece = message.Field switch
            {
                1 => piece with { Text = message.Text },
                2 => piece with { Score = message.Float },
                3 => piece with { Type = (PieceType)message.Int },
                _ => piece,
            };
        }

        return piece;
    }

    private static TrainerSpec ReadTrainer(ReadOnlySpan<byte> bytes)
    {
        TrainerSpec trainer = new();
        ProtobufReader message = new(bytes);
        while (message.Next())
        {
            trainer = message.Field switch
            {
                3 => trainer with { ModelType = message.Int },
                24 => trainer with { WhitespaceAsSuffix = message.Bool },
                35 => trainer with { ByteFallback = message.Bool },
                44 => trainer with { UnknownSurface = message.Text },
                47 => trainer with { EosPiece = message.Text },
                48 => trainer with { PadPiece = message.Text },
                _ => trainer,
            };
        }

        return trainer;
    }

    /// <summary>The parts of TrainerSpec that matter after training, with the defaults of the message.</summary>
    private sealed record TrainerSpec
    {
        public int ModelType { get; init; } = UnigramModelType;

        public bool WhitespaceAsSuffix { get; init; }

        public bool ByteFallback { get; init; }

        public string UnknownSurface { get; init; } = " \u2047 ";

        public string EosPiece { get; init; } = "</s>";

        public string PadPiece { get; init; } = "<pad>";
    }
}
