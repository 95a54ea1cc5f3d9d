using MedGen.Dicom.DataSets;
using MedGen.Sdk.Errors;

namespace MedGen.Dicom.Pixels;

/// <summary>How pixels are stored (PS3.3, C.7.6.3).</summary>
internal sealed record PixelDescription
{
    private static readonly string[] Greys = ["MONOCHROME1", "MONOCHROME2"];
    private static readonly string[] Colours = ["RGB", "YBR_FULL", "YBR_FULL_422", "YBR_ICT", "YBR_RCT", "YBR_PARTIAL_420"];

    public required int Rows { get; init; }

    public required int Columns { get; init; }

    public required int Samples { get; init; }

    public required int BitsAllocated { get; init; }

    public required int BitsStored { get; init; }

    public required int HighBit { get; init; }

    public required bool IsSigned { get; init; }

    public required string Photometric { get; init; }

    /// <summary>Whether each frame has its samples apart: all red, all green, all blue.</summary>
    public required bool IsPlanar { get; init; }

    public required int Frames { get; init; }

    public bool IsGrey => Photometric is "MONOCHROME1" or "MONOCHROME2";

    public int BytesPerSample => BitsAllocated / 8;

    /// <summary>Bytes of an uncompressed frame; two pixels of YBR_FULL_422 share their colour.</summary>
    public long FrameBytes => (long)Rows * Columns * BytesPerSample * (Photometric == "YBR_FULL_422" ? 2 : Samples);

    /// <summary>Reads it from a data set.</summary>
    /// <exception cref="MediaException">A value is missing, or is one that is not read; the message names tag and value.</exception>
    public static PixelDescription Read(DicomDataSet set)
    {
        int samples = Number(set, DicomTags.SamplesPerPixel, 1, 1, 3);
        string photometric = set.Text(DicomTags.PhotometricInterpretation);
        string[] allowed = samples == 1 ? [.. Greys, "PALETTE COLOR"] : samples == 3 ? Colours : [];
        if (!allowed.Contains(photometric))
        {
            throw Refused(set, DicomTags.PhotometricInterpretation, $"'{photometric}' with {samples} samples per pixel", string.Join(", ", allowed));
        }

        int allocated = Number(set, DicomTags.BitsAllocated, null, 1, 64);
        if (allocated is not (8 or 16))
        {
            throw Refused(set, DicomTags.BitsAllocated, $"{allocated}", "8 or 16");
        }

        int stored = Number(set, DicomTags.BitsStored, allocated, 1, allocated);
        int columns = Number(set, DicomTags.Columns, null, 1, 65_535);
        if (photometric == "YBR_FULL_422" && columns % 2 == 1)
        {
            throw Refused(set, DicomTags.Columns, $"{columns}", "an even number with YBR_FULL_422");
        }

        return new PixelDescription
        {
            Rows = Number(set, DicomTags.Rows, null, 1, 65_535),
            Columns = columns,
            Samples = samples,
            BitsAllocated = allocated,
            BitsStored = stored,
            HighBit = Number(set, DicomTags.HighBit, stored - 1, stored - 1, allocated - 1),
            IsSigned = Number(set, DicomTags.PixelRepresentation, 0, 0, 1) == 1,
            Photometric = photometric,
            IsPlanar = Number(set, DicomTags.PlanarConfiguration, 0, 0, 1) == 1 && samples > 1,
            Frames = Number(set, DicomTags.NumberOfFrames, 1, 1, int.MaxValue),
        };
    }

    private static int Number(DicomDataSet set, DicomTag tag, int? otherwise, int least, int most) =>
        (set.Whole(tag) ?? otherwise) is not { } value ? throw new MediaException(set.Name, $"{set.Name}: {tag} is missing.")
        : value < least || value > most ? throw Refused(set, tag, $"{value}", least == most ? $"{least}" : $"{least} to {most}")
        : value;

    private static MediaException Refused(DicomDataSet set, DicomTag tag, string got, string allowed) =>
        new(set.Name, $"{set.Name}: {tag} is {got}; what is read is {allowed}.");
}
