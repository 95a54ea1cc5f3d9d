namespace MedGen.Dicom.DataSets;

/// <summary>Tags that the code names; their meaning stands in PS3.6 under the same keywords.</summary>
internal static class DicomTags
{
    public static readonly DicomTag Item = new(0xFFFE_E000);
    public static readonly DicomTag ItemEnd = new(0xFFFE_E00D);
    public static readonly DicomTag SequenceEnd = new(0xFFFE_E0DD);
    public static readonly DicomTag TransferSyntaxUid = new(0x0002_0010);
    public static readonly DicomTag SpecificCharacterSet = new(0x0008_0005);
    public static readonly DicomTag SopClassUid = new(0x0008_0016);
    public static readonly DicomTag SopInstanceUid = new(0x0008_0018);
    public static readonly DicomTag Modality = new(0x0008_0060);
    public static readonly DicomTag RecommendedDisplayFrameRate = new(0x0008_2144);
    public static readonly DicomTag CineRate = new(0x0018_0040);
    public static readonly DicomTag FrameTime = new(0x0018_1063);
    public static readonly DicomTag FrameTimeVector = new(0x0018_1065);
    public static readonly DicomTag SamplesPerPixel = new(0x0028_0002);
    public static readonly DicomTag PhotometricInterpretation = new(0x0028_0004);
    public static readonly DicomTag PlanarConfiguration = new(0x0028_0006);
    public static readonly DicomTag NumberOfFrames = new(0x0028_0008);
    public static readonly DicomTag FrameIncrementPointer = new(0x0028_0009);
    public static readonly DicomTag Rows = new(0x0028_0010);
    public static readonly DicomTag Columns = new(0x0028_0011);
    public static readonly DicomTag PixelAspectRatio = new(0x0028_0034);
    public static readonly DicomTag BitsAllocated = new(0x0028_0100);
    public static readonly DicomTag BitsStored = new(0x0028_0101);
    public static readonly DicomTag HighBit = new(0x0028_0102);
    public static readonly DicomTag PixelRepresentation = new(0x0028_0103);
    public static readonly DicomTag PixelPaddingValue = new(0x0028_0120);
    public static readonly DicomTag WindowCenter = new(0x0028_1050);
    public static readonly DicomTag WindowWidth = new(0x0028_1051);
    public static readonly DicomTag RescaleIntercept = new(0x0028_1052);
    public static readonly DicomTag RescaleSlope = new(0x0028_1053);
    public static readonly DicomTag VoiLutFunction = new(0x0028_1056);
    public static readonly DicomTag RedLutDescriptor = new(0x0028_1101);
    public static readonly DicomTag RedLutData = new(0x0028_1201);
    public static readonly DicomTag RedSegmentedLutData = new(0x0028_1221);
    public static readonly DicomTag ModalityLutSequence = new(0x0028_3000);
    public static readonly DicomTag LutDescriptor = new(0x0028_3002);
    public static readonly DicomTag LutData = new(0x0028_3006);
    public static readonly DicomTag VoiLutSequence = new(0x0028_3010);
    public static readonly DicomTag FrameVoiLutSequence = new(0x0028_9132);
    public static readonly DicomTag PixelValueTransformationSequence = new(0x0028_9145);
    public static readonly DicomTag PresentationLutShape = new(0x2050_0020);
    public static readonly DicomTag SharedFunctionalGroupsSequence = new(0x5200_9229);
    public static readonly DicomTag PerFrameFunctionalGroupsSequence = new(0x5200_9230);
    public static readonly DicomTag ExtendedOffsetTable = new(0x7FE0_0001);
    public static readonly DicomTag PixelData = new(0x7FE0_0010);
}
