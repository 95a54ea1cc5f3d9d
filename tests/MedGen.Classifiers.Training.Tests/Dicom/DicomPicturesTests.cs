using MedGen.Classifiers.Training.Dicom;
using MedGen.Sdk.Frames;

namespace MedGen.Classifiers.Training.Tests.Dicom;

public class DicomPicturesTests
{
    private static readonly string[] Readable =
        ["ct_test_big_endian.dcm", "ct_test_deflated.dcm", "enhanced_mr_10_frames_big_endian.dcm", "pet_breast_slice.dcm", "prostate_dwi_slice.dcm"];

    public static TheoryData<string> CompressedOrColoured => new(
        Directory.EnumerateFiles(Fixtures.Path("dicom"), "*.dcm").Select(path => Path.GetFileName(path)!).Except(Readable));

    [Theory]
    [InlineData("ct_test_big_endian.dcm", "CT", 4, 512)] // four windows of one slice
    [InlineData("ct_test_deflated.dcm", "CT", 4, 512)]
    [InlineData("enhanced_mr_10_frames_big_endian.dcm", "MR", 3, 64)]
    [InlineData("pet_breast_slice.dcm", "PT", 1, 168)]
    [InlineData("prostate_dwi_slice.dcm", "MR", 1, 176)]
    public void Read_UncompressedGrey_GivesPicturesThatShowSomething(string file, string modality, int pictures, int side)
    {
        IReadOnlyList<VideoFrame> frames = DicomPictures.Read(Fixtures.Path("dicom", file), modality, maxFrames: 3).ShouldNotBeNull();

        frames.Count.ShouldBe(pictures);
        frames.ShouldAllBe(frame => frame.Width == side && frame.Height == side);
        frames.ShouldContain(frame => frame.Pixels.ToArray().Distinct().Count() > 16);
        Dispose(frames);
    }

    [Fact]
    public void Read_OneSliceInTwoTransferSyntaxes_GivesTheSamePictures()
    {
        IReadOnlyList<VideoFrame> bigEndian = DicomPictures.Read(Fixtures.Path("dicom", "ct_test_big_endian.dcm"), "CT", 1).ShouldNotBeNull();
        IReadOnlyList<VideoFrame> deflated = DicomPictures.Read(Fixtures.Path("dicom", "ct_test_deflated.dcm"), "CT", 1).ShouldNotBeNull();

        bigEndian.Select(frame => frame.Pixels.ToArray()).ShouldBe(deflated.Select(frame => frame.Pixels.ToArray()));
        Dispose([.. bigEndian, .. deflated]);
    }

    [Theory]
    [MemberData(nameof(CompressedOrColoured))]
    public void Read_CompressedOrColoured_IsNone(string file) => DicomPictures.Read(Fixtures.Path("dicom", file), "US", 3).ShouldBeNull();

    private static void Dispose(IEnumerable<VideoFrame> frames)
    {
        foreach (VideoFrame frame in frames)
        {
            frame.Dispose();
        }
    }
}
