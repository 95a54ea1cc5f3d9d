using MedGen.Dicom.DataSets;
using MedGen.Dicom.Deidentification;
using MedGen.Dicom.Pixels;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using MedGen.Tests;

namespace MedGen.Dicom.Tests;

/// <summary>Damaged files are read, or refused by an error that names what is wrong; nothing else happens.</summary>
[Collection(nameof(Alone))]
public sealed class MutatedDicomTests : IDisposable
{
    // Native and run lengths: what is decoded in this process.
    private static readonly string[] Originals =
    [
        DicomFolder.Fixture("tee_colour.dcm"), DicomFolder.Fixture("enhanced_mr_10_frames_big_endian.dcm"), DicomFolder.Fixture("obstetric_palette.dcm"),
        DicomFolder.Fixture("prostate_dwi_slice.dcm"), Fixtures.Path("cases", "dicom-un-undefined-length", "un_implicit.dcm"),
        Fixtures.Path("cases", "dicom-private-thumbnail", "geiis_undef.dcm"),
    ];

    private readonly DicomFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public Task Read_OfSomeDamagedFiles_ReadsOrRefuses() => RunAsync(60, seed: 1);

    [Fact]
    [Long]
    public async Task Read_OfManyDamagedFiles_ReadsOrRefusesAndDoesNotGrow()
    {
        await RunAsync(200, seed: 2);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        await RunAsync(2_000, seed: 3);

        (GC.GetTotalMemory(forceFullCollection: true) - before).ShouldBeLessThan(16 << 20);
    }

    private async Task RunAsync(int count, int seed)
    {
        Random random = new(seed);
        byte[][] originals = [.. Originals.Select(File.ReadAllBytes)];
        Deidentifier deidentifier = new(new DeidentificationProfile { CheckText = false, CleanPixels = true }, DeidentificationKey.New());
        int refused = 0;
        for (int i = 0; i < count; i++)
        {
            // The head is what is parsed: every other file is damaged there alone.
            byte[] original = originals[i % originals.Length];
            byte[] damaged = i % 2 == 0 ? MutatedBytes.Of(original, random) : [.. MutatedBytes.Of(original.AsSpan(0, 2048), random), .. original.AsSpan(2048)];
            string path = _folder.PathOf("damaged.dcm");
            await File.WriteAllBytesAsync(path, damaged, DicomFolder.Token);
            try
            {
                using (DicomFile file = DicomFile.Open(path))
                {
                    using DicomImage image = DicomImage.Open(file);
                    using VideoFrame frame = await image.ReadFrameAsync(image.FrameCount - 1, DicomFolder.Token);
                }

                DeidentifiedObject done = await deidentifier.RunAsync(path, _folder.Folder, DicomFolder.Token);
                File.Delete(_folder.PathOf($"{done.Instance}.dcm"));
            }
            catch (MedGenException)
            {
                refused++; // any other exception ends the test
            }
        }

        refused.ShouldBeInRange(count / 20, count - 1);
        Directory.GetFiles(_folder.Folder).Length.ShouldBe(1);
    }
}
