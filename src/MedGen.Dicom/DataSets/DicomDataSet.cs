using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using MedGen.Dicom.Text;
using MedGen.Sdk.Errors;

namespace MedGen.Dicom.DataSets;

/// <summary>Data elements in the order of their tags. Items of sequences are data sets, too; text is decoded by the character set of the nearest
/// one.</summary>
[SuppressMessage("Naming", "CA1710", Justification = "The standard calls it a data set.")]
public sealed class DicomDataSet : IEnumerable<DicomElement>
{
    private const int LongestText = 16 << 20;

    private readonly SortedDictionary<DicomTag, DicomElement> _elements = [];
    private readonly DicomDataSet? _parent;
    private CharacterSet? _characters;

    /// <summary>An empty data set.</summary>
    public DicomDataSet()
    {
    }

    internal DicomDataSet(DicomDataSet? parent, string name) => (_parent, Name) = (parent, name);

    /// <summary>Name of the file without its folder, for messages.</summary>
    public string Name { get; } = "data set";

    /// <summary>Number of elements.</summary>
    public int Count => _elements.Count;

    /// <summary>Where the item lies in its file; -1 for one that was made.</summary>
    internal long Position { get; init; } = -1;

    internal bool HasUndefinedLength { get; init; }

    // Of this data set or the nearest around it; looked at only while implicit pixel values are read.
    internal bool IsSigned() =>
        Contains(DicomTags.PixelRepresentation) ? Find(DicomTags.PixelRepresentation)!.Bytes.Span is [1, ..] : _parent?.IsSigned() ?? false;

    internal CharacterSet Characters => _characters ??= FindCharacters();

    /// <summary>Finds an element.</summary>
    /// <param name="tag">Its tag.</param>
    /// <returns>Null: it is not there.</returns>
    public DicomElement? Find(DicomTag tag) => _elements.GetValueOrDefault(tag);

    /// <summary>Whether an element is there, with a value or without.</summary>
    /// <param name="tag">Its tag.</param>
    /// <returns>Whether it is there.</returns>
    public bool Contains(DicomTag tag) => _elements.ContainsKey(tag);

    /// <summary>Puts an element in the place of one with its tag.</summary>
    /// <param name="element">The element.</param>
    public void Set(DicomElement element)
    {
        ArgumentNullException.ThrowIfNull(element);
        _elements[element.Tag] = element;
        _characters = element.Tag == DicomTags.SpecificCharacterSet ? null : _characters;
    }

    /// <summary>Takes an element out.</summary>
    /// <param name="tag">Its tag.</param>
    /// <returns>Whether it was there.</returns>
    public bool Remove(DicomTag tag)
    {
        _characters = null;
        return _elements.Remove(tag);
    }

    /// <summary>First value of an element as text, without padding.</summary>
    /// <param name="tag">Its tag.</param>
    /// <returns>Empty: there is none.</returns>
    public string Text(DicomTag tag) => Texts(tag) is { Count: > 0 } values ? values[0] : "";

    /// <summary>Values of an element as text, without padding.</summary>
    /// <param name="tag">Its tag.</param>
    /// <returns>Empty: there is none.</returns>
    /// <exception cref="MediaException">The value is no text, is longer than 16 MiB, or its character set is not known.</exception>
    public IReadOnlyList<string> Texts(DicomTag tag)
    {
        if (Find(tag) is not { Length: > 0 } element)
        {
            return [];
        }

        DicomVr vr = element.KnownVr;
        if (!vr.IsText())
        {
            return vr.WordSize() > 1 && vr is not (DicomVr.OW or DicomVr.OF or DicomVr.OL or DicomVr.OV or DicomVr.OD) ? Numbers.Texts(element, Name)
                : throw Wrong(element, $"{vr} got; text is needed");
        }

        ReadOnlySpan<byte> bytes = element.Read(LongestText, Name).Span;
        
        // Characters of ASCII are the same in all sets, known here or not.
        string text = vr.UsesCharacterSet() && (!System.Text.Ascii.IsValid(bytes) || bytes.Contains(CharacterSet.Escape))
            ? Characters.Decode(bytes, vr == DicomVr.PN)
            : CharacterSet.Default.Decode(bytes);
        return vr.IsSingleText() ? [text.TrimEnd(' ', '\0')] : [.. text.Split('\\').Select(one => one.Trim(' ', '\0'))];
    }

    /// <summary>First value of an element as a whole number.</summary>
    /// <param name="tag">Its tag.</param>
    /// <returns>Null: there is none.</returns>
    /// <exception cref="MediaException">The value is no whole number of 32 bits.</exception>
    public int? Whole(DicomTag tag) => Wholes(tag) is { Count: > 0 } values ? values[0] : null;

    /// <summary>Values of an element as whole numbers.</summary>
    /// <param name="tag">Its tag.</param>
    /// <returns>Empty: there is none.</returns>
    /// <exception cref="MediaException">A value is no whole number of 32 bits.</exception>
    public IReadOnlyList<int> Wholes(DicomTag tag) => [.. Decimals(tag).Select(value =>
        value == Math.Floor(value) && Math.Abs(value) <= int.MaxValue
            ? (int)value
            : throw Wrong(Find(tag)!, $"{Shown(value)} got; a whole number is needed"))];

    /// <summary>First value of an element as a number.</summary>
    /// <param name="tag">Its tag.</param>
    /// <returns>Null: there is none.</returns>
    /// <exception cref="MediaException">The value is no number.</exception>
    public double? Decimal(DicomTag tag) => Decimals(tag) is { Count: > 0 } values ? values[0] : null;

    /// <summary>Values of an element as numbers.</summary>
    /// <param name="tag">Its tag.</param>
    /// <returns>Empty: there is none.</returns>
    /// <exception cref="MediaException">A value is no number.</exception>
    public IReadOnlyList<double> Decimals(DicomTag tag)
    {
        if (Find(tag) is not { Length: > 0 } element)
        {
            return [];
        }

        DicomVr vr = element.KnownVr;
        return vr.WordSize() > 1 && vr != DicomVr.AT ? Numbers.Read(element, vr, Name)
            : vr is DicomVr.DS or DicomVr.IS ? [.. Texts(tag).Where(text => text.Length > 0).Select(text =>
                double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value)
                    ? value
                    : throw Wrong(element, $"'{Shown(text)}' got; a number is needed"))]
            : throw Wrong(element, $"{vr} got; a number is needed");
    }

    /// <summary>Items of a sequence.</summary>
    /// <param name="tag">Its tag.</param>
    /// <returns>Empty: there are none.</returns>
    public IReadOnlyList<DicomDataSet> Items(DicomTag tag) => Find(tag)?.Items ?? [];

    /// <summary>Sets texts, with the representation that the standard gives the tag; empty: an element without a value.</summary>
    /// <param name="tag">A tag of the standard.</param>
    /// <param name="values">The values.</param>
    /// <exception cref="ArgumentException">A value breaks the rules of the representation, or the tag is no text of the standard.</exception>
    public void SetText(DicomTag tag, params IReadOnlyList<string> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        DicomVr vr = StandardElements.VrOf(tag) is { } known && known.IsText()
            ? known
            : throw new ArgumentException($"{tag} is no text of the standard.", nameof(tag));
        if (values.Select(value => vr.WhyNot(value)).FirstOrDefault(reason => reason is not null) is { } why)
        {
            throw new ArgumentException($"{tag}: {why}.", nameof(values));
        }

        Set(Made(tag, vr, string.Join('\\', values)));
    }

    /// <summary>Sets unsigned 16-bit numbers.</summary>
    /// <param name="tag">The tag.</param>
    /// <param name="values">The values.</param>
    public void SetShort(DicomTag tag, params ReadOnlySpan<ushort> values)
    {
        byte[] bytes = new byte[2 * values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(2 * i), values[i]);
        }

        Set(new DicomElement(tag, DicomVr.US) { Bytes = bytes });
    }

    /// <summary>Sets bytes.</summary>
    /// <param name="tag">The tag.</param>
    /// <param name="vr">Their representation.</param>
    /// <param name="bytes">In little endian.</param>
    public void SetBytes(DicomTag tag, DicomVr vr, ReadOnlyMemory<byte> bytes) => Set(new DicomElement(tag, vr) { Bytes = bytes });

    /// <summary>Sets the items of a sequence.</summary>
    /// <param name="tag">The tag.</param>
    /// <param name="items">The items.</param>
    public void SetItems(DicomTag tag, params IReadOnlyList<DicomDataSet> items) => Set(new DicomElement(tag, DicomVr.SQ) { Items = items });

    /// <inheritdoc />
    public IEnumerator<DicomElement> GetEnumerator() => _elements.Values.GetEnumerator();

    System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();

    internal DicomElement Made(DicomTag tag, DicomVr vr, string text)
    {
        byte[] bytes = (vr.UsesCharacterSet() ? CharacterSet.Utf8 : CharacterSet.Default).Encode(text);
        if (vr.UsesCharacterSet() && !System.Text.Ascii.IsValid(text) && !Characters.IsUtf8)
        {
            throw new ArgumentException($"{tag}: text beyond ASCII is written in a data set of ISO_IR 192 (UTF-8) only.", nameof(text));
        }

        return new DicomElement(tag, vr) { Bytes = bytes };
    }

    private static string Shown(double value) => value.ToString(CultureInfo.InvariantCulture);

    // A value may hold anything; only what a number could be is shown.
    private static string Shown(string text) => text.Length <= 16 && text.All(one => char.IsAsciiDigit(one) || one is '.' or '-' or '+' or 'e' or 'E')
        ? text
        : $"{text.Length} characters";

    private MediaException Wrong(DicomElement element, string what) => new(Name, $"{Name}: {element.Tag}: {what}.");

    private CharacterSet FindCharacters() =>
        !Contains(DicomTags.SpecificCharacterSet) ? _parent?.Characters ?? CharacterSet.Default
        : CharacterSet.Find(Texts(DicomTags.SpecificCharacterSet))
            ?? throw Wrong(Find(DicomTags.SpecificCharacterSet)!, $"'{string.Join('\\', Texts(DicomTags.SpecificCharacterSet))}' is not known");
}
