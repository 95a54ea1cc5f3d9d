using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using MedGen.Torch.Weights;

namespace MedGen.Model.Checkpoints;

/// <summary>
/// Identity of a model: SHA-256 over name, size, header and a sample of the data of each weight file. Reading all of 30 GB at every start would take
/// minutes; the sample (64 KiB at 16 places) tells fine-tunes of one layout apart. In torch's format and GGUF the header is a part of the sample.
/// </summary>
internal static class ModelHash
{
    private const int Samples = 16;
    private const int SampleSize = 64 * 1024;

    public static string Compute(IEnumerable<string> weightFiles)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string path in weightFiles.OrderBy(Path.GetFileName, StringComparer.Ordinal))
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            hash.AppendData(Encoding.UTF8.GetBytes(Path.GetFileName(path)));
            byte[] number = new byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(number, file.Length);
            hash.AppendData(number);
            long dataStart = 0;
            if (!WeightFile.IsTorch(path) && !WeightFile.IsGguf(path))
            {
                file.ReadExactly(number);
                dataStart = 8 + BinaryPrimitives.ReadInt64LittleEndian(number);
                byte[] header = new byte[dataStart - 8];
                file.ReadExactly(header);
                hash.AppendData(header);
            }

            AppendSamples(hash, file, dataStart);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void AppendSamples(IncrementalHash hash, FileStream file, long dataStart)
    {
        byte[] buffer = new byte[SampleSize];
        long span = Math.Max(0, file.Length - dataStart - SampleSize);
        for (int i = 0; i < Samples; i++)
        {
            file.Position = dataStart + (span * i / (Samples - 1));
            hash.AppendData(buffer, 0, file.ReadAtLeast(buffer, SampleSize, throwOnEndOfStream: false));
        }
    }
}
