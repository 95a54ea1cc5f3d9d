using System.Globalization;
using MedGen.Model.Autoencoders;
using MedGen.Model.Inspection;
using MedGen.Model.Parameters;
using MedGen.Model.Transformers;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGen.Bench;

/// <summary>Peak memory against the formula of <see cref="GenerationCost"/>. Linux only: it reads the process's own high-water mark.</summary>
internal static class MemoryBenchmark
{
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

    // Told to show its inner results, the decoder takes a latent frame's four frames at once through all layers.
    private static void MeasureDecode()
    {
        using WanAutoencoder autoencoder = WanAutoencoder.Load(RandomWeight, WanAutoencoderConfig.Wan21, CPU, ScalarType.Float32);
        Decode(Small, atOnce: false);
        foreach (ClipSize size in Decoded)
        {
            (double Seconds, long Peak) byFrame = Measured(size, atOnce: false);
            (double Seconds, long Peak) atOnce = Measured(size, atOnce: true);
            Report($"decode, {size.Width}x{size.Height} px", byFrame.Peak, Cost(size, ScalarType.Float32).DecodeBytes);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"  four frames at once: {atOnce.Peak / 1e9:0.00} GB; processor time frame by frame / at once: {byFrame.Seconds / atOnce.Seconds:0.00}"));
        }

        (double Seconds, long Peak) Measured(ClipSize size, bool atOnce)
        {
            TimeSpan before = Environment.CpuUsage.TotalTime;
            long peak = Peak(() => Decode(size, atOnce));
            return ((Environment.CpuUsage.TotalTime - before).TotalSeconds, peak);
        }

        void Decode(ClipSize size, bool atOnce)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor latents = randn([1, 16, ((size.NumFrames - 1) / 4) + 1, size.Height / 8, size.Width / 8]);
            foreach (Tensor chunk in autoencoder.DecodeChunks(latents, atOnce ? (_, _) => { } : null))
            {
                chunk.Dispose();
            }
        }
    }

    private static GenerationCost Cost(ClipSize size, ScalarType type) => GenerationCost.Of(WanTransformerConfig.T2V1Point3B, WanAutoencoderConfig.Wan21, 0, size, type);

    private static Tensor RandomWeight(string name, long[] shape) => randn(shape) * 0.02;

    private static long Peak(Action action)
    {
        long before = ProcessMemory.Resident;
        return ProcessMemory.PeakOf(action) - before;
    }

    private static void Report(string what, long measured, long estimated) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"{what,-24} {measured / 1e9,8:0.00} GB {estimated / 1e9,8:0.00} GB {(double)estimated / measured,7:0.00}"));
}
