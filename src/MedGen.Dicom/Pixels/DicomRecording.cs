using MedGen.Dicom.DataSets;
using MedGen.Sdk.Frames;

namespace MedGen.Dicom.Pixels;

/// <summary>How and with what a DICOM object was recorded.</summary>
public static class DicomRecording
{
    private const int Tissue2D = 1; // Region Spatial Format (PS3.3, C.8.5.5.1.1)
    private const int Centimetres = 3; // Physical Units (PS3.3, C.8.5.5.1.15)
    private const double MmPerCm = 10;

    /// <summary>
    /// Size of a pixel: (0028,0030) Pixel Spacing of the data set or of all frames, else of the one region of an ultrasound picture that is measured
    /// in cm. What is at the detector alone (Imager Pixel Spacing) is not the patient's, and is left out.
    /// </summary>
    /// <param name="set">The data set.</param>
    /// <returns>The spacing; null: none is stated, or there are several.</returns>
    public static PixelSpacing? Spacing(DicomDataSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        PixelSpacing?[] ofFrames =
            [.. set.Items(DicomTags.PerFrameFunctionalGroupsSequence).Select(frame => Of(Measures(frame))).Distinct().Take(2)];
        return Of(set) ?? set.Items(DicomTags.SharedFunctionalGroupsSequence).Select(shared => Of(Measures(shared))).FirstOrDefault()
            ?? (ofFrames.Length == 1 ? ofFrames[0] : null) ?? OfUltrasound(set);
    }

    /// <summary>Modality, manufacturer and model.</summary>
    /// <param name="set">The data set.</param>
    /// <returns>What is stated; null: nothing.</returns>
    public static Acquisition? Device(DicomDataSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        Acquisition device = new()
        {
            Modality = Stated(set, DicomTags.Modality),
            Manufacturer = Stated(set, DicomTags.Manufacturer),
            Model = Stated(set, DicomTags.ManufacturerModelName),
        };
        return device == new Acquisition() ? null : device;
    }

    /// <summary>Unit of the values of the modality in UCUM: Hounsfield units of CT, activity of PET; null: none is stated.</summary>
    internal static string? Unit(DicomDataSet set)
    {
        DicomDataSet transformed = set.Items(DicomTags.SharedFunctionalGroupsSequence).SelectMany(
            shared => shared.Items(DicomTags.PixelValueTransformationSequence)).FirstOrDefault() ?? set;
        string type = transformed.Text(DicomTags.RescaleType);
        return type == "HU" || (type.Length == 0 && set.Text(DicomTags.Modality) == "CT") ? "[hnsf'U]"
            : set.Text(DicomTags.Units) == "BQML" ? "Bq/mL"
            : null;
    }

    private static DicomDataSet? Measures(DicomDataSet group) => group.Items(DicomTags.PixelMeasuresSequence) is [{ } first, ..] ? first : null;

    // The first value is the distance of rows, the second that of columns.
    private static PixelSpacing? Of(DicomDataSet? set) =>
        set?.Decimals(DicomTags.PixelSpacing) is [> 0 and var y, > 0 and var x] ? new PixelSpacing { X = x, Y = y } : null;

    private static PixelSpacing? OfUltrasound(DicomDataSet set)
    {
        DicomDataSet[] measured =
        [
            .. set.Items(DicomTags.SequenceOfUltrasoundRegions).Where(region => region.Whole(DicomTags.RegionSpatialFormat) == Tissue2D
                && region.Whole(DicomTags.PhysicalUnitsXDirection) == Centimetres && region.Whole(DicomTags.PhysicalUnitsYDirection) == Centimetres),
        ];
        PixelSpacing[] spacings =
        [
            .. measured.Select(region => new PixelSpacing
            {
                X = MmPerCm * Math.Abs(region.Decimal(DicomTags.PhysicalDeltaX) ?? 0),
                Y = MmPerCm * Math.Abs(region.Decimal(DicomTags.PhysicalDeltaY) ?? 0),
            }).Distinct(),
        ];
        return spacings is [{ X: > 0, Y: > 0 } one] ? one : null;
    }

    private static string? Stated(DicomDataSet set, DicomTag tag) => set.Text(tag) is { Length: > 0 } text ? text : null;
}
