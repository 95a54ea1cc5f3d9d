namespace MedGen.Dicom.DataSets;

/// <summary>How a data set is encoded, and its pixels (PS3.5, annex A).</summary>
public sealed record DicomTransferSyntax
{
    private static readonly Dictionary<string, DicomTransferSyntax> Known = new DicomTransferSyntax[]
    {
        new() { Uid = "1.2.840.10008.1.2", Name = "Implicit VR Little Endian", IsExplicit = false },
        new() { Uid = "1.2.840.10008.1.2.1", Name = "Explicit VR Little Endian" },
        new() { Uid = "1.2.840.10008.1.2.1.98", Name = "Encapsulated Uncompressed Explicit VR Little Endian", Pixels = PixelCoding.NativeFragments },
        new() { Uid = "1.2.840.10008.1.2.1.99", Name = "Deflated Explicit VR Little Endian", IsDeflated = true },
        new() { Uid = "1.2.840.10008.1.2.2", Name = "Explicit VR Big Endian", IsBigEndian = true },
        new() { Uid = "1.2.840.10008.1.2.5", Name = "RLE Lossless", Pixels = PixelCoding.Rle },
        Picture("1.2.840.10008.1.2.4.50", "JPEG Baseline (Process 1)"),
        Picture("1.2.840.10008.1.2.4.51", "JPEG Extended (Process 2 and 4)"),
        Picture("1.2.840.10008.1.2.4.57", "JPEG Lossless, Non-Hierarchical (Process 14)"),
        Picture("1.2.840.10008.1.2.4.70", "JPEG Lossless, First-Order Prediction (Process 14, Selection Value 1)"),
        Picture("1.2.840.10008.1.2.4.80", "JPEG-LS Lossless"),
        Picture("1.2.840.10008.1.2.4.81", "JPEG-LS Lossy (Near-Lossless)"),
        Picture("1.2.840.10008.1.2.4.90", "JPEG 2000 (Lossless Only)"),
        Picture("1.2.840.10008.1.2.4.91", "JPEG 2000"),
        Film("1.2.840.10008.1.2.4.100", "MPEG2 Main Profile / Main Level"),
        Film("1.2.840.10008.1.2.4.100.1", "Fragmentable MPEG2 Main Profile / Main Level"),
        Film("1.2.840.10008.1.2.4.101", "MPEG2 Main Profile / High Level"),
        Film("1.2.840.10008.1.2.4.101.1", "Fragmentable MPEG2 Main Profile / High Level"),
        Film("1.2.840.10008.1.2.4.102", "MPEG-4 AVC/H.264 High Profile / Level 4.1"),
        Film("1.2.840.10008.1.2.4.102.1", "Fragmentable MPEG-4 AVC/H.264 High Profile / Level 4.1"),
        Film("1.2.840.10008.1.2.4.103", "MPEG-4 AVC/H.264 BD-compatible High Profile / Level 4.1"),
        Film("1.2.840.10008.1.2.4.103.1", "Fragmentable MPEG-4 AVC/H.264 BD-compatible High Profile / Level 4.1"),
        Film("1.2.840.10008.1.2.4.104", "MPEG-4 AVC/H.264 High Profile / Level 4.2 for 2D Video"),
        Film("1.2.840.10008.1.2.4.104.1", "Fragmentable MPEG-4 AVC/H.264 High Profile / Level 4.2 for 2D Video"),
        Film("1.2.840.10008.1.2.4.107", "HEVC/H.265 Main Profile / Level 5.1"),
        Film("1.2.840.10008.1.2.4.108", "HEVC/H.265 Main 10 Profile / Level 5.1"),
    }.ToDictionary(syntax => syntax.Uid, StringComparer.Ordinal);

    /// <summary>Explicit VR Little Endian, which everything is written in that says nothing else.</summary>
    public static DicomTransferSyntax ExplicitLittleEndian { get; } = Known["1.2.840.10008.1.2.1"];

    /// <summary>Its UID.</summary>
    public required string Uid { get; init; }

    /// <summary>Its name in the standard; for an unknown one its UID.</summary>
    public required string Name { get; init; }

    /// <summary>Whether each element states its representation.</summary>
    public bool IsExplicit { get; init; } = true;

    /// <summary>Whether words have their highest byte first.</summary>
    public bool IsBigEndian { get; init; }

    /// <summary>Whether the data set is deflated.</summary>
    public bool IsDeflated { get; init; }

    /// <summary>How the pixels are encoded.</summary>
    public PixelCoding Pixels { get; init; }

    /// <summary>Finds one. One that is not known here is explicit little endian, as all since 1993 are, and its pixels cannot be decoded.</summary>
    /// <param name="uid">Its UID.</param>
    /// <returns>The syntax.</returns>
    public static DicomTransferSyntax Find(string uid) =>
        Known.TryGetValue(uid, out DicomTransferSyntax? syntax) ? syntax : new() { Uid = uid, Name = uid, Pixels = PixelCoding.Unsupported };

    private static DicomTransferSyntax Picture(string uid, string name) => new() { Uid = uid, Name = name, Pixels = PixelCoding.Picture };

    private static DicomTransferSyntax Film(string uid, string name) => new() { Uid = uid, Name = name, Pixels = PixelCoding.Film };
}
