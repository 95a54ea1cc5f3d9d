using System.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGen.Bench.Forward;

/// <summary>
/// What the 8-bit products of libtorch would save and cost: a linear with weights rounded per output channel, and activations rounded per token
/// (<c>_int_mm</c>) or left in bfloat16 (<c>_weight_int8pack_mm</c>), against the same linear in float32 and bfloat16, in one run.
/// </summary>
internal static class Int8Benchmark
{
    private const int Rounds = 5;
    private const double OperationsARound = 4e9;

    // TorchSharp has no bindings for these two. 1 is torch.int8.
    private const string Script = """
        def both(x: Tensor, weight: Tensor, scale: Tensor) -> Tensor:
            step = torch.clamp_min(x.float().abs().amax(dim=-1, keepdim=True), 1e-6) / 127.0
            return (torch._int_mm(torch.round(x / step).to(1), weight).float() * step * scale).to(x.dtype)
        def weights(x: Tensor, weight: Tensor, scale: Tensor) -> Tensor:
            return torch._weight_int8pack_mm(x, weight, scale)

        """;

    public static int Run()
    {
        set_num_threads(Environment.ProcessorCount);
        using jit.CompilationUnit script = jit.compile(Script);
        using var noGrad = no_grad();
        Console.WriteLine("time relative to float32 (median of the rounds), error relative to the float32 result");
        Console.WriteLine("tokens x in x out      bfloat16          int8 weights and tokens  int8 weights");
        foreach ((string of, long tokens, long input, long output) in (IEnumerable<(string, long, long, long)>)
            [("1.3B", 1280, 1536, 1536), ("1.3B", 1280, 1536, 8960), ("1.3B", 1280, 8960, 1536), ("mini", 320, 128, 512), ("mini", 320, 512, 128)])
        {
            using var scope = NewDisposeScope();
            Tensor x = randn(tokens, input);
            Tensor weight = randn(output, input) / Math.Sqrt(input);
            Tensor scale = weight.abs().amax([1L], keepdim: true) / 127;
            Tensor rounded = (weight / scale).round().to(ScalarType.Int8);
            (Tensor shortX, Tensor shortWeight, Tensor row, Tensor shortScale) = (x.bfloat16(), weight.bfloat16(), scale.view(1, -1), scale.view(-1).bfloat16());
            Func<Tensor>[] ways =
            [
                () => nn.functional.linear(x, weight),
                () => nn.functional.linear(shortX, shortWeight),
                () => (Tensor)script.invoke("both", x, rounded.t(), row)!,
                () => (Tensor)script.invoke("weights", shortX, rounded, shortScale)!,
            ];
            double[] times = Median(ways, (int)Math.Max(1, OperationsARound / (tokens * input * output)));
            double[] errors = [.. ways.Select(way => Error(way(), ways[0]()))];
            Console.WriteLine(
                $"{of} {tokens} x {input} x {output}:  "
                    + string.Join("   ", Enumerable.Range(1, 3).Select(i => $"{times[i] / times[0]:0.00} x, error {errors[i]:0.0000}")));
        }

        return 0;
    }

    // Rounds take turns, so that what else the machine does meets all of them.
    private static double[] Median(Func<Tensor>[] ways, int repeats)
    {
        double[][] seconds = [.. ways.Select(_ => new double[Rounds])];
        for (int round = -1; round < Rounds; round++)
        {
            for (int way = 0; way < ways.Length; way++)
            {
                long start = Stopwatch.GetTimestamp();
                for (int i = 0; i < repeats; i++)
                {
                    ways[way]().Dispose();
                }

                if (round >= 0)
                {
                    seconds[way][round] = Stopwatch.GetElapsedTime(start).TotalSeconds;
                }
            }
        }

        return [.. seconds.Select(times => times.Order().ElementAt(Rounds / 2))];
    }

    private static double Error(Tensor result, Tensor reference) =>
        ((result.to(ScalarType.Float32) - reference).norm() / reference.norm()).ToDouble();
}
