using System.Globalization;

namespace MedGen.Dicom.DataSets;

/// <summary>The tag of a data element.</summary>
/// <param name="Value">Group · 65536 + element.</param>
public readonly record struct DicomTag(uint Value) : IComparable<DicomTag>
{
    /// <summary>Group number; odd ones are private.</summary>
    public ushort Group => (ushort)(Value >> 16);

    /// <summary>Element number.</summary>
    public ushort Element => (ushort)Value;

    /// <summary>Whether a manufacturer has defined it.</summary>
    public bool IsPrivate => (Group & 1) == 1;

    /// <summary>Whether it is the length of its group (gggg,0000).</summary>
    public bool IsGroupLength => Element == 0;

    /// <summary>Whether it reserves a block of private elements (gggg,0010 to gggg,00FF).</summary>
    public bool IsPrivateCreator => IsPrivate && Element is >= 0x10 and <= 0xFF;

    /// <summary>Reads eight hexadecimal digits, as the JSON model has them.</summary>
    /// <param name="text">The digits.</param>
    /// <param name="tag">The tag.</param>
    /// <returns>Whether they are a tag.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out DicomTag tag)
    {
        bool read = uint.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint value) && text.Length == 8;
        tag = new DicomTag(value);
        return read;
    }

    /// <inheritdoc />
    public int CompareTo(DicomTag other) => Value.CompareTo(other.Value);

    /// <summary>As the standard writes it, for instance (0028,0010), with the name where it is known.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"({Group:X4},{Element:X4}){(StandardElements.NameOf(this) is { } name ? " " + name : "")}");

    /// <summary>Smaller by group, then element.</summary>
    public static bool operator <(DicomTag left, DicomTag right) => left.Value < right.Value;

    /// <summary>Larger by group, then element.</summary>
    public static bool operator >(DicomTag left, DicomTag right) => left.Value > right.Value;

    /// <summary>Smaller or equal by group, then element.</summary>
    public static bool operator <=(DicomTag left, DicomTag right) => left.Value <= right.Value;

    /// <summary>Larger or equal by group, then element.</summary>
    public static bool operator >=(DicomTag left, DicomTag right) => left.Value >= right.Value;
}
