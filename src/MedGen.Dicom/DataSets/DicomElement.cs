using MedGen.Sdk.Errors;

namespace MedGen.Dicom.DataSets;

/// <summary>A data element: a tag, a representation, and bytes in little endian, a place in a file, items, or fragments.</summary>
public sealed class DicomElement
{
    internal DicomElement(DicomTag tag, DicomVr vr) => (Tag, Vr) = (tag, vr);

    /// <summary>Its tag.</summary>
    public DicomTag Tag { get; }

    /// <summary>Its representation as stored.</summary>
    public DicomVr Vr { get; }

    /// <summary>The value in little endian; empty for the other kinds.</summary>
    public ReadOnlyMemory<byte> Bytes { get; internal init; }

    /// <summary>A value that stays in the file; null for the other kinds.</summary>
    public DicomBulk? Bulk { get; internal init; }

    /// <summary>Items of a sequence; null for the other kinds.</summary>
    public IReadOnlyList<DicomDataSet>? Items { get; internal init; }

    /// <summary>Fragments of encapsulated pixel data without the offset table; null for the other kinds.</summary>
    public IReadOnlyList<DicomBulk>? Fragments { get; internal init; }

    /// <summary>Offsets of the frames from the first fragment on, as the Basic Offset Table has them; may be empty.</summary>
    public IReadOnlyList<uint> OffsetTable { get; internal init; } = [];

    /// <summary>Whether the sequence ends by a delimiter.</summary>
    public bool HasUndefinedLength { get; internal init; }

    /// <summary>Bytes of the value; 0 for sequences and fragments.</summary>
    public long Length => Bulk?.Length ?? Bytes.Length;

    /// <summary>The representation as stored, or for an unknown one that of the standard.</summary>
    internal DicomVr KnownVr => Vr == DicomVr.UN ? StandardElements.VrOf(Tag) ?? Vr : Vr;

    /// <summary>The whole value, wherever it is.</summary>
    /// <param name="most">Most bytes to take into memory.</param>
    /// <param name="name">Whose it is, for messages.</param>
    /// <exception cref="MediaException">It is longer.</exception>
    internal ReadOnlyMemory<byte> Read(int most, string name)
    {
        if (Length > most)
        {
            throw new MediaException(name, $"{name}: {Tag} has {Length} bytes; at most {most} are allowed here.");
        }

        if (Bulk is null)
        {
            return Bytes;
        }

        byte[] bytes = new byte[Bulk.Length];
        Bulk.Read(0, bytes);
        return bytes;
    }
}
