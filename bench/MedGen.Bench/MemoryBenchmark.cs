using System.Globalization;
using MedGen.Model.Autoencoders;
using MedGen.Model.Parameters;
using MedGen.Torch.Weights;
using MedGen.Model.Sizing;
using MedGen.Model.Transformers;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGen.Bench;

/// <summary>Peak memory against the formula of <see cref="GenerationCost"/>. Linux only: it reads the process's own high-water mark.</summary>
internal static class MemoryBenchmark
{
    private const long TileLimit = 5_000_000_000;
    private static readonly ClipSize Small = new(64, 64, 5);
    private static readonly ClipSize Forwarded = new(832, 480, 13);
    private static readonly ClipSize[] Decoded = [new(320, 192, 5), new(832, 480, 5)];

    public static int Run()
    {
        using IDisposable noGradient = no_grad();
        Console.WriteLine("what                       measured   estimated   ratio");
        foreach (ScalarType type in new[] { ScalarType.BFloat16, ScalarType.Float32 })
        {
            MeasureBlock(type);
        }

        MeasureDecode();
        return 0;
    }

    // One block of thirty: the others' results come after it and are no larger.
    private static void MeasureBlock(ScalarType type)
    {
        WanTransformerConfig config = WanTransformerConfig.T2V1Point3B with { NumLayers = 1 };
        using WanTransformer transformer = WanTransformer.Load(RandomWeight, config, CPU, type);
        using Tensor context = randn(40, config.TextDim);
        using TextContext text = transformer.PrepareText([context]);
        Forward(Small);
        Report($"block, {type}", Peak(() => Forward(Forwarded)), Cost(Forwarded, type).BlockBytes);

        void Forward(ClipSize size)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor latents = randn([1, config.InChannels, ((size.NumFrames - 1) / 4) + 1, size.Height / 8, size.Width / 8]);
            transformer.Forward(latents, tensor(new[] { 500f }), text);
        }
    }

    // The same for 5 frames as for 81, but for the unfinished clip of tiles. Told to show its inner results, the decoder takes a latent frame's four frames at
    // once through all layers.
    private static void MeasureDecode()
    {
        using WanAutoencoder autoencoder = WanAutoencoder.Load(RandomWeight, WanAutoencoderConfig.Wan21, CPU, ScalarType.Float32);
        Measured(Small, Whole);
        foreach (ClipSize size in Decoded)
        {
            (double seconds, long peak) = Measured(size, Whole);
            Report($"decode, {size.Width}x{size.Height}", peak, Cost(size, ScalarType.Float32).DecodeBytes);
            Compare("four frames at once", Measured(size, latents => autoencoder.DecodeChunks(latents, (_, _) => { })), seconds);
            if (Cost(size, ScalarType.Float32, TileLimit) is { Tiling: { } tiling } cost)
            {
                (double Seconds, long Peak) tiled = Measured(size, latents => new TiledDecoding(autoencoder, tiling).Decode(latents));
                Report($"  in tiles of {tiling.TileWidth * 8} px", tiled.Peak, cost.DecodeBytes + (4L * size.Width * size.Height * ((3 * size.NumFrames) + 1)));
                Compare("in tiles", tiled, seconds);
            }
        }

        IEnumerable<Tensor?> Whole(Tensor latents) => autoencoder.DecodeChunks(latents);
    }

    private static (double Seconds, long Peak) Measured(ClipSize size, Func<Tensor, IEnumerable<Tensor?>> decode)
    {
        TimeSpan before = Environment.CpuUsage.TotalTime;
        long peak = Peak(() =>
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor latents = randn([1, 16, ((size.NumFrames - 1) / 4) + 1, size.Height / 8, size.Width / 8]);
            foreach (Tensor? chunk in decode(latents))
            {
                chunk?.Dispose();
            }
        });
        return ((Environment.CpuUsage.TotalTime - before).TotalSeconds, peak);
    }

    private static void Compare(string what, (double Seconds, long Peak) other, double seconds) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"  {what}: {other.Peak / 1e9:0.00} GB, {other.Seconds / seconds:0.00} times the processor time"));

    private static GenerationCost Cost(ClipSize size, ScalarType type, long memoryLimit = long.MaxValue) =>
        GenerationCost.Of(WanTransformerConfig.T2V1Point3B, WanAutoencoderConfig.Wan21, 0, size, type, memoryLimit);

    private static StoredWeight RandomWeight(string name, long[] shape) => randn(shape) * 0.02;

    private static long Peak(Action action)
    {
        long before = ProcessMemory.Resident;
        return ProcessMemory.PeakOf(action) - before;
    }

    private static void Report(string what, long measured, long estimated) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"{what,-24} {measured / 1e9,8:0.00} GB {estimated / 1e9,8:0.00} GB {(double)estimated / measured,7:0.00}"));
}
