using System.Globalization;
using MedGen.Model.Pipelines;
using MedGen.Model.Transformers;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGen.Bench.Forward;

/// <summary>
/// What the change from one of two experts to the other costs, in steps of a session that is alone: with both on the device (on a CPU: mapped), where the texts are
/// prepared again, and in turn, where the weights are copied before. Dimensions of Wan 2.1 1.3B, two blocks, random weights.
/// </summary>
internal static class ExpertsBenchmark
{
    private const int Rounds = 5;
    private const int RealTokens = 40;

    public static int Run()
    {
        using IDisposable noGradient = inference_mode();
        WanTransformerConfig config = WanTransformerConfig.T2V1Point3B with { NumLayers = 2 };
        Console.WriteLine($"libtorch {__version__}, {get_num_threads()} threads, 2 blocks of the 1.3B dimensions, S = 1280, medians of {Rounds} rounds; ratios hold, times depend on the neighbours");
        Console.WriteLine("type      weights   a step with guidance, s   change with both there, s   in turn, s   in steps: both there   in turn");
        foreach (ScalarType type in new[] { ScalarType.BFloat16, ScalarType.Float32 })
        {
            using RandomWeights weights = new(type);
            using WanTransformer expert = WanTransformer.Load(weights.Reader, config, CPU, type);
            using DisposeScope scope = NewDisposeScope();
            Tensor latents = randn([1, config.InChannels, 5, 32, 32]);
            Tensor[] context = [randn([RealTokens, config.TextDim])];
            Tensor time = tensor(new[] { 500f });
            using TextContext text = expert.PrepareText(context);
            Cost[] costs = Cost.InTurn(
                Rounds,
                atLeast: 0.5,
                () =>
                {
                    expert.Forward(latents, time, text).Dispose();
                    expert.Forward(latents, time, text).Dispose();
                },
                () => Prepare(expert, context),
                () =>
                {
                    using WanTransformer placed = Experts.Place(expert, CPU);
                    Prepare(placed, context);
                });
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{type,-9} {weights.Bytes / 1e9,4:0.00} GB {costs[0].Seconds,25:0.000} {costs[1].Seconds,27:0.000} {costs[2].Seconds,12:0.000} {costs[1].Seconds / costs[0].Seconds,22:0.00} {costs[2].Seconds / costs[0].Seconds,9:0.00}"));
        }

        return 0;
    }

    // The prompt and the negative one.
    private static void Prepare(WanTransformer expert, Tensor[] context)
    {
        expert.PrepareText(context).Dispose();
        expert.PrepareText(context).Dispose();
    }
}
