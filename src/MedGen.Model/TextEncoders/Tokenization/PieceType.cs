namespace MedGen.Model.TextEncoders.Tokenization;

/// <summary>Kinds of pieces, numbered as in sentencepiece_model.proto.</summary>
internal enum PieceType
{
    /// <summary>Ordinary text.</summary>
    Normal = 1,

    /// <summary>Stands for text that no other piece covers.</summary>
    Unknown = 2,

    /// <summary>Never matches text: padding, end of sentence.</summary>
    Control = 3,

    /// <summary>Text that is always one piece and is not normalised.</summary>
    UserDefined = 4,

    /// <summary>Has an id, but is never produced.</summary>
    Unused = 5,

    /// <summary>One byte of a character that no other piece covers, written <c>&lt;0x41&gt;</c>.</summary>
    Byte = 6,
}
