using System.Globalization;
using MedGen.Dicom.DataSets;
using MedGen.Sdk.Errors;

namespace MedGen.Dicom.Writing;

/// <summary>An MP4 with H.264 as a video object in the transfer syntax MPEG-4 AVC/H.264 High Profile / Level 4.1 (PS3.5, 8.2.7).</summary>
public static class FilmObject
{
    private const string Syntax = "1.2.840.10008.1.2.4.102";
    private const int HighProfile = 100;
    private const int Level41 = 41;
    private const int HeaderBytes = 1 << 20;

    /// <summary>Writes a file, whole or not at all.</summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <param name="film">An MP4 with its index in front, 4:2:0 in 8 bits.</param>
    /// <param name="width">Width in px.</param>
    /// <param name="height">Height in px.</param>
    /// <param name="frames">Number of frames.</param>
    /// <param name="framesPerSecond">Above 0.</param>
    /// <param name="kind">What recorded it.</param>
    /// <param name="about">What the object says of itself.</param>
    /// <param name="cancellationToken">Stops; nothing is left.</param>
    /// <exception cref="MediaException">The film is no H.264 in MP4 of High Profile up to level 4.1, or 4 GiB long.</exception>
    public static void Write(
        string path, string film, int width, int height, long frames, double framesPerSecond, FilmKind kind, ResultObject about,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(about);
        using DicomSource source = DicomSource.Open(film);
        CheckProfile(source);
        (string sopClass, string modality) = kind switch
        {
            FilmKind.Endoscopic => ("1.2.840.10008.5.1.4.1.1.77.1.1.1", "ES"),
            FilmKind.Microscopic => ("1.2.840.10008.5.1.4.1.1.77.1.2.1", "GM"),
            _ => ("1.2.840.10008.5.1.4.1.1.77.1.4.1", "XC"),
        };
        DicomDataSet set = about.Common(sopClass, modality);
        set.SetText(new(0x0008_0008), about.ProvenanceId is null ? ["ORIGINAL", "PRIMARY"] : ["DERIVED", "SECONDARY"]);
        set.SetText(new(0x0020_0020));
        set.SetText(new(0x0020_0060));
        set.SetItems(new(0x0040_0555));
        set.SetShort(DicomTags.SamplesPerPixel, 3);
        set.SetText(DicomTags.PhotometricInterpretation, "YBR_PARTIAL_420");
        set.SetShort(DicomTags.PlanarConfiguration, 0);
        set.SetText(DicomTags.NumberOfFrames, frames.ToString(CultureInfo.InvariantCulture));
        set.SetShort(DicomTags.Rows, checked((ushort)height));
        set.SetShort(DicomTags.Columns, checked((ushort)width));
        set.SetShort(DicomTags.BitsAllocated, 8);
        set.SetShort(DicomTags.BitsStored, 8);
        set.SetShort(DicomTags.HighBit, 7);
        set.SetShort(DicomTags.PixelRepresentation, 0);
        set.SetText(DicomTags.CineRate, Math.Round(framesPerSecond).ToString(CultureInfo.InvariantCulture));
        set.SetText(DicomTags.FrameTime, (1000 / framesPerSecond).ToString("0.######", CultureInfo.InvariantCulture));
        set.SetBytes(DicomTags.FrameIncrementPointer, DicomVr.AT, new byte[] { 0x18, 0x00, 0x63, 0x10 });
        set.SetText(new(0x0028_2110), "01");
        set.SetText(new(0x0028_2112), CompressionRatio(width, height, frames, source.Length));
        set.SetText(new(0x0028_2114), "ISO_14496_10");
        set.Set(new DicomElement(DicomTags.PixelData, DicomVr.OB)
        {
            Fragments = [new DicomBulk(source, 0, source.Length)], HasUndefinedLength = true,
        });
        DicomWriter.Write(path, set, DicomTransferSyntax.Find(Syntax), cancellationToken);
    }

    private static string CompressionRatio(int width, int height, long frames, long bytes) =>
        Math.Max(1, 3.0 * width * height * frames / bytes).ToString("0.##", CultureInfo.InvariantCulture);

    // The decoder configuration (ISO 14496-15, 5.3.3.1): avcC, version 1, profile, constraints, level.
    private static void CheckProfile(DicomSource film)
    {
        byte[] head = new byte[Math.Min(HeaderBytes, film.Length)];
        film.Read(0, head);
        int at = head.AsSpan().IndexOf("avcC"u8);
        if (head.AsSpan(4).IndexOf("ftyp"u8) != 0 || at < 0 || at + 8 > head.Length || film.Length > uint.MaxValue - 1)
        {
            throw new MediaException(film.Name,
                $"{film.Name} is no H.264 in MP4 with its index in front, below 4 GiB, which the transfer syntax needs.");
        }

        (int profile, int level) = (head[at + 5], head[at + 7]);
        if (profile != HighProfile || level > Level41)
        {
            throw new MediaException(
                film.Name, $"{film.Name} has the H.264 profile {profile} and level {level / 10.0:0.0}; profile {HighProfile} (High, 4:2:0, even "
                    + "sides) and at most level 4.1 are allowed (1920 x 1080 px at 30 frames/s).");
        }
    }
}
