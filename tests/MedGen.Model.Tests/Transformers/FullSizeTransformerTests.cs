using System.Buffers.Binary;
using System.Text.Json;
using MedGen.Model.Checkpoints;
using MedGen.Model.Transformers;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGen.Model.Tests.Transformers;

/// <summary>The released 1.3B dimensions, with random weights in the released file layout.</summary>
public sealed class FullSizeTransformerTests : IDisposable
{
    private const long MemoryLimit = 12L << 30;
    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-1.3b-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    [Long]
    public void Forward_OfTheReleased1Point3B_FitsIntoMemory()
    {
        const long FileSize = 2_840_000_000;
        long free = new DriveInfo(_folder).AvailableFreeSpace;
        Assert.SkipUnless(free > FileSize + (1L << 30), $"needs {FileSize} bytes of temporary disk and some to spare, {free} are free");
        WriteRandomWeights(Path.Combine(_folder, "diffusion_pytorch_model.safetensors"), WanTransformerConfig.T2V1Point3B);
        // As the reference writes it: without patch_size, text_dim, qk_norm, cross_attn_norm and window_size.
        File.WriteAllText(
            Path.Combine(_folder, "config.json"),
            """
            {"_class_name":"WanModel","model_type":"t2v","dim":1536,"eps":1e-06,"ffn_dim":8960,"freq_dim":256,"in_dim":16,"num_heads":12,"num_layers":30,"out_dim":16,"text_len":512}
            """);

        using DisposeScope scope = NewDisposeScope();
        using (inference_mode())
        {
            using WanTransformer transformer = ModelFolder.Open(_folder).OpenTransformer(CPU, ScalarType.BFloat16);
            transformer.Config.ShouldBe(WanTransformerConfig.T2V1Point3B);
            transformer.Config.Variant.ShouldBe("Wan2.1-T2V-1.3B");
            transformer.Parameters.Values.Sum(weight => weight.ElementCount).ShouldBe(1_418_996_800);
            using Generator generator = new(7);
            using TextContext text = transformer.PrepareText([randn([12, 4096], generator: generator)]);

            Tensor velocity = transformer.Forward(randn([1, 16, 2, 8, 8], generator: generator), tensor(new[] { 500f }), text);

            velocity.shape.ShouldBe([1, 16, 2, 8, 8]);
            velocity.isfinite().all().item<bool>().ShouldBeTrue();
            velocity.std().item<float>().ShouldBeGreaterThan(0);
        }

        PeakMemory().ShouldBeLessThan(MemoryLimit);
    }

    private static void WriteRandomWeights(string path, WanTransformerConfig config)
    {
        Dictionary<string, object> header = [];
        long offset = 0;
        foreach ((string name, long[] shape) in ReleasedLayout.Of(config))
        {
            long length = shape.Aggregate(2L, (bytes, size) => bytes * size);
            header[name] = new { dtype = "BF16", shape, data_offsets = new[] { offset, offset + length } };
            offset += length;
        }

        byte[] json = JsonSerializer.SerializeToUtf8Bytes(header);
        using FileStream stream = new(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        byte[] headerLength = new byte[8];
        int padding = -json.Length & 7;
        BinaryPrimitives.WriteInt64LittleEndian(headerLength, json.Length + padding);
        stream.Write(headerLength);
        stream.Write(json);
        stream.Write(Enumerable.Repeat((byte)' ', padding).ToArray());
        byte[] block = RandomWeights(1 << 24);
        for (long written = 0; written < offset; written += block.Length)
        {
            stream.Write(block, 0, (int)Math.Min(block.Length, offset - written));
        }
    }

    // The upper byte of a bfloat16 is its sign and most of its exponent. 0x3C and 0xBC give magnitudes from 0.0078 to 0.031, which keeps a deep network
    // finite and leaves out every pattern of NaN.
    private static byte[] RandomWeights(int length)
    {
        byte[] bytes = new byte[length];
        new Random(7).NextBytes(bytes);
        for (int i = 1; i < bytes.Length; i += 2)
        {
            bytes[i] = (byte)(0x3C | (bytes[i] & 0x80));
        }

        return bytes;
    }

    /// <summary>Most memory that this process has ever had resident, mapped pages of files included.</summary>
    private static long PeakMemory()
    {
        string line = File.ReadLines("/proc/self/status").First(text => text.StartsWith("VmHWM:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], System.Globalization.CultureInfo.InvariantCulture) * 1024;
    }
}
