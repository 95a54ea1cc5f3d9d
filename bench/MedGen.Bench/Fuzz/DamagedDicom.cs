using System.Diagnostics;
using System.Globalization;
using MedGen.Dicom.DataSets;
using MedGen.Dicom.Deidentification;
using MedGen.Dicom.Pixels;
using MedGen.Sdk.Errors;
using MedGen.Tests;

namespace MedGen.Bench.Fuzz;

/// <summary>
/// Damaged DICOM objects, each read, one of its frames decoded, and de-identified. Half of them are damaged in their head alone, which is what is
/// parsed. Pictures that another program decodes are decoded for one object in <see cref="ObjectsToADecoder"/>.
/// </summary>
internal static class DamagedDicom
{
    private const int HeadBytes = 2048;
    private const int ObjectsToADecoder = 50;

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    /// <summary>Damages as many objects as are asked for.</summary>
    /// <returns>The faults: what is neither read nor refused, or takes too long.</returns>
    public static async Task<List<string>> ReadAsync(FuzzOptions options)
    {
        List<string> faults = [];
        if (options.Dicom == 0)
        {
            return faults;
        }

        (string Name, byte[] Bytes)[] originals =
        [
            .. Directory.GetFiles(options.DicomFolder ?? RepositoryFolder.Path("tests", "fixtures", "dicom"), "*.dcm").Order(StringComparer.Ordinal)
                .Select(path => (Path.GetFileName(path), File.ReadAllBytes(path))),
        ];
        Random random = new(options.Seed);
        string folder = Directory.CreateTempSubdirectory("fuzz-").FullName;
        try
        {
            (int read, double slowest, long early) = (0, 0, 0);
            for (int i = 0; i < options.Dicom; i++)
            {
                (string name, byte[] bytes) = originals[i % originals.Length];
                byte[] damaged = i / originals.Length % 2 == 0
                    ? MutatedBytes.Of(bytes, random)
                    : [.. MutatedBytes.Of(bytes.AsSpan(0, HeadBytes), random), .. bytes.AsSpan(HeadBytes)];
                long start = Stopwatch.GetTimestamp();
                try
                {
                    await ReadAsync(damaged, folder, mayCallDecoders: i % ObjectsToADecoder == 0);
                    read++;
                }
                catch (MedGenException)
                {
                    // Refused by name, as it should be.
                }
                catch (Exception error)
                {
                    faults.Add($"{name} {i}: {error.GetType().Name} {error.Message}");
                }

                slowest = Math.Max(slowest, Stopwatch.GetElapsedTime(start).TotalSeconds);
                early = i == options.Dicom / 10 ? ProcessMemory.Resident : early;
            }

            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{options.Dicom} DICOM objects of {originals.Length}: {read} read, {options.Dicom - read - faults.Count} refused, the slowest in {slowest:0.0} s; "
                + $"resident memory after a tenth {early >> 20} MiB, at the end {ProcessMemory.Resident >> 20} MiB"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        return faults;
    }

    private static async Task ReadAsync(byte[] bytes, string folder, bool mayCallDecoders)
    {
        using CancellationTokenSource late = new(Longest);
        string path = Path.Combine(folder, "damaged.dcm");
        await File.WriteAllBytesAsync(path, bytes, late.Token);
        bool isDecoded;
        using (DicomFile file = DicomFile.Open(path))
        {
            using DicomImage image = DicomImage.Open(file);
            isDecoded = mayCallDecoders || file.TransferSyntax.Pixels != PixelCoding.Picture;
            if (isDecoded)
            {
                (await image.ReadFrameAsync(image.FrameCount - 1, late.Token)).Dispose();
            }
        }

        Deidentifier deidentifier = new(new DeidentificationProfile { CheckText = false, CleanPixels = isDecoded }, DeidentificationKey.New());
        DeidentifiedObject done = await deidentifier.RunAsync(path, folder, late.Token);
        File.Delete(Path.Combine(folder, $"{done.Instance}.dcm"));
    }
}
