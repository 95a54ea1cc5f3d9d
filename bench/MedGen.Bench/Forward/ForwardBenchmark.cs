using System.Globalization;
using MedGen.Model.Transformers;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGen.Bench.Forward;

/// <summary>
/// One forward of the transformer at the dimensions of a released model with random weights, against the rate of the machine's own matrix product and against
/// <see cref="PlainTransformer"/>, all in turn; then each optimisation alone.
/// </summary>
internal static class ForwardBenchmark
{
    private const long GemmSide = 4096;
    private const long RealTokens = 40;

    public static int Run(ForwardOptions options)
    {
        set_num_threads(options.Threads);
        using IDisposable noGradient = inference_mode();
        WanTransformerConfig large = options.Model with { NumLayers = options.Blocks };
        string name = large.InChannels == 16 ? "1.3B" : "TI2V-5B";
        WanTransformerConfig mini = new() { Dim = 128, FfnDim = 512, NumHeads = 4, NumLayers = 8, TextDim = 128, TextLength = 256, InChannels = 24, OutChannels = 24 };
        Console.WriteLine($"libtorch {__version__}, {options.Threads} of {Environment.ProcessorCount} threads, {options.Blocks} of 30 blocks, medians of {options.Rounds} rounds; ratios hold, times depend on the neighbours");
        Console.WriteLine("                                    seconds a forward    of the GEMM's rate");
        Console.WriteLine("shape              type      GEMM GFLOP/s   plain    ours   plain    ours   by processor time: plain    ours   plain/ours   max diff   peak memory / weights");
        foreach (ScalarType type in new[] { ScalarType.BFloat16, ScalarType.Float32 })
        {
            using RandomWeights weights = new(type);
            using WanTransformer transformer = WanTransformer.Load(weights.Reader, large, CPU, type);
            Measure($"{name}, S = 1280", weights, transformer, type, [1, large.InChannels, 5, 32, 32], options.Rounds);
            Measure($"{name}, S = 192", weights, transformer, type, [1, large.InChannels, 3, 16, 16], options.Rounds);
        }

        using (RandomWeights weights = new(ScalarType.Float32))
        {
            using WanTransformer transformer = WanTransformer.Load(weights.Reader, mini, CPU, ScalarType.Float32);
            Measure("mini, S = 320", weights, transformer, ScalarType.Float32, [1, 24, 5, 16, 16], options.Rounds);
        }

        OptimisationTable.Print(options.Rounds);
        return 0;
    }

    private static void Measure(string name, RandomWeights weights, WanTransformer transformer, ScalarType type, long[] shape, int rounds)
    {
        using DisposeScope scope = NewDisposeScope();
        WanTransformerConfig config = transformer.Config;
        PlainTransformer plain = new(weights, config, type);
        Tensor latents = randn(shape);
        Tensor context = randn(RealTokens, config.TextDim);
        Tensor time = tensor(new[] { 500f });
        using TextContext text = transformer.PrepareText([context]);
        Tensor ours = zeros(shape);
        long peak = ProcessMemory.PeakOf(() => ours = transformer.Forward(latents, time, text));
        double difference = (plain.Forward(latents, 500, context) - ours).abs().max().item<float>();
        Tensor a = randn(GemmSide, GemmSide).to_type(type);
        Tensor b = randn(GemmSide, GemmSide).to_type(type);
        Cost[] costs = Cost.InTurn(
            rounds,
            atLeast: 0.5,
            () => nn.functional.linear(a, b).Dispose(),
            () => plain.Forward(latents, 500, context).Dispose(),
            () => transformer.Forward(latents, time, text).Dispose());
        double flops = Flops(config, shape[2] * (shape[3] / 2) * (shape[4] / 2));
        const double Gemm = 2.0 * GemmSide * GemmSide * GemmSide;
        double Rate(Func<Cost, double> seconds, int i) => flops / seconds(costs[i]) / (Gemm / seconds(costs[0]));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name,-18} {type,-9} {Gemm / costs[0].Seconds / 1e9,12:0} {costs[1].Seconds,7:0.000} {costs[2].Seconds,7:0.000} {Rate(c => c.Seconds, 1),7:0.00} {Rate(c => c.Seconds, 2),7:0.00} {Rate(c => c.ProcessorSeconds, 1),28:0.00} {Rate(c => c.ProcessorSeconds, 2),7:0.00} {costs[1].ProcessorSeconds / costs[2].ProcessorSeconds,12:0.00} {difference,10:0.0e+0} {peak / 1e9,8:0.00} GB / {weights.Bytes / 1e9:0.00} GB = {(double)peak / weights.Bytes:0.00}"));
    }

    /// <summary>Operations of the reference's forward: with all text rows embedded, projected and attended to each time; 3.78e12 for 30 blocks and S = 1280.</summary>
    private static double Flops(WanTransformerConfig config, double s)
    {
        double d = config.Dim;
        double rows = config.TextLength;
        double block = (2 * s * ((6 * d * d) + (2 * d * config.FfnDim))) + (4 * s * s * d) + (4 * s * rows * d) + (4 * rows * d * d);
        double ends = (2 * rows * d * (config.TextDim + d)) + (2 * s * d * 4 * (config.InChannels + config.OutChannels)) + (2 * d * (config.FreqDim + (7 * d)));
        return (config.NumLayers * block) + ends;
    }
}
