using MedGen.Dicom.DataSets;
using MedGen.Dicom.Pixels;

namespace MedGen.Dicom.Tests.Pixels;

/// <summary>
/// Values compared with decoders that did not make them: pydicom for what is native or in run lengths, DCMTK for JPEG and JPEG-LS, ffmpeg for JPEG 2000.
/// </summary>
[Long]
public sealed class JudgesTests : IDisposable
{
    // Writes the values of the modality of one frame (or R, G, B) as doubles.
    private const string Judge = """
        import sys, subprocess, warnings, numpy as np, pydicom
        from pydicom.pixel_data_handlers.util import convert_color_space, apply_color_lut
        warnings.filterwarnings('ignore')
        path, index, out = sys.argv[1], int(sys.argv[2]), sys.argv[3]
        d = pydicom.dcmread(path); syntax = str(d.file_meta.TransferSyntaxUID); frames = int(d.get('NumberOfFrames', 1) or 1)
        if '.4.9' in syntax:
            fragment = list(pydicom.encaps.generate_pixel_data_frame(d.PixelData, frames))[index]
            open(out, 'wb').write(fragment)
            raw = subprocess.run(['ffmpeg', '-v', 'error', '-f', 'j2k_pipe', '-i', out, '-f', 'rawvideo', 'pipe:1'], capture_output=True, check=True).stdout
            a = np.frombuffer(raw, np.uint8 if d.SamplesPerPixel == 3 else np.uint16)
            a = a.reshape(d.Rows, d.Columns, d.SamplesPerPixel).squeeze().astype(float)
            if d.SamplesPerPixel == 1 and d.PixelRepresentation == 1: a -= 32768
        else:
            if '.4.' in syntax:
                tool = 'dcmdjpls' if '.4.8' in syntax else 'dcmdjpeg'
                subprocess.run([tool, path, out + '.dcm'], check=True); d = pydicom.dcmread(out + '.dcm')
            a = d.pixel_array; a = a[index] if frames > 1 else a
            if d.PhotometricInterpretation.startswith('YBR'): a = convert_color_space(a, 'YBR_FULL', 'RGB')
            if d.PhotometricInterpretation == 'PALETTE COLOR': a = apply_color_lut(a, d); a = a >> 8 if a.dtype == np.uint16 else a
            a = a.astype(float)
        if a.ndim == 2:
            g = d
            if 'PerFrameFunctionalGroupsSequence' in d:
                for s in (d.SharedFunctionalGroupsSequence[0], d.PerFrameFunctionalGroupsSequence[index]):
                    if 'PixelValueTransformationSequence' in s: g = s.PixelValueTransformationSequence[0]
            a = a * float(g.get('RescaleSlope', 1)) + float(g.get('RescaleIntercept', 0))
        a.astype('<f8').tofile(out)
        """;

    private readonly DicomFolder _folder = new();

    public static TheoryData<string, int, double> Files => new()
    {
        { "bone_scan.dcm", 0, 0 }, { "ct1_j2k_lossy.dcm", 0, 1 }, { "ct1_rle_fragments.dcm", 0, 0 }, { "ct_test_big_endian.dcm", 0, 0 },
        { "ct_test_deflated.dcm", 0, 0 }, { "ct_test_jpeg_extended.dcm", 0, 2.5 }, { "ct_test_jpeg_lossless_sv1.dcm", 0, 0 }, { "ct_test_jpegls.dcm", 0, 0 },
        { "echo_stress_09.dcm", 9, 1 }, { "enhanced_mr_10_frames.dcm", 5, 0 }, { "enhanced_mr_10_frames_big_endian.dcm", 5, 0 },
        { "knee_moving_j2k.dcm", 9, 1 }, { "lymph_node_power_doppler.dcm", 0, 0 }, { "obstetric_palette.dcm", 1, 0 }, { "pet_breast_slice.dcm", 0, 0.01 },
        { "prostate_dwi_slice.dcm", 0, 0.01 }, { "tee_colour.dcm", 0, 0 },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Values_ComparedWithAnotherDecoder_AreWithinOneLevel(string name, int frame, double tolerance)
    {
        string script = _folder.PathOf("judge.py");
        await File.WriteAllTextAsync(script, Judge, DicomFolder.Token);
        await DicomFolder.RunAsync("/usr/bin/python3", script, DicomFolder.Fixture(name), $"{frame}", _folder.PathOf("values"));
        byte[] bytes = await File.ReadAllBytesAsync(_folder.PathOf("values"), DicomFolder.Token);
        double[] expected = new double[bytes.Length / 8];
        Buffer.BlockCopy(bytes, 0, expected, 0, bytes.Length);

        using DicomFile file = DicomFile.Open(DicomFolder.Fixture(name));
        using DicomImage image = DicomImage.Open(file);
        double[] values = image.IsGrey
            ? [.. (await image.ReadValuesAsync(frame, DicomFolder.Token)).Select(value => (double)value)]
            : [.. (await DicomFolder.FrameAsync(DicomFolder.Fixture(name), frame)).Select(value => (double)value)];

        values.Length.ShouldBe(expected.Length);
        values.Zip(expected).Max(pair => Math.Abs(pair.First - pair.Second)).ShouldBeLessThanOrEqualTo(tolerance);
    }
}
