using System.Globalization;
using MedGen.Model.Transformers;

namespace MedGen.Bench.Forward;

/// <summary>What <c>bench forward</c> runs.</summary>
internal sealed record ForwardOptions
{
    /// <summary>Transformer blocks, 1 to 30; fewer than the 30 of the 1.3B model take less memory and time.</summary>
    public int Blocks { get; init; } = 30;

    /// <summary>Whose dimensions: Wan 2.1's 1.3B, or Wan 2.2's TI2V-5B.</summary>
    public WanTransformerConfig Model { get; init; } = WanTransformerConfig.T2V1Point3B;

    /// <summary>Threads of libtorch.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Rounds that the medians are taken over, one of each variant in turn.</summary>
    public int Rounds { get; init; } = 3;

    /// <summary>Reads <c>--model 1.3b|ti2v-5b --blocks N --threads N --rounds N</c>.</summary>
    /// <param name="arguments">The command line behind the benchmark's name.</param>
    /// <returns>The options; null when the line is wrong.</returns>
    public static ForwardOptions? Parse(ReadOnlySpan<string> arguments)
    {
        ForwardOptions options = new();
        for (int i = 0; i < arguments.Length; i += 2)
        {
            if (arguments[i..] is ["--model", "1.3b" or "ti2v-5b", ..])
            {
                options = options with { Model = arguments[i + 1] == "1.3b" ? WanTransformerConfig.T2V1Point3B : WanTransformerConfig.TI2V5B };
                continue;
            }

            if (i + 1 == arguments.Length || !int.TryParse(arguments[i + 1], CultureInfo.InvariantCulture, out int value) || value < 1)
            {
                return null;
            }

            switch (arguments[i])
            {
                case "--blocks" when value <= 30: options = options with { Blocks = value }; break;
                case "--threads": options = options with { Threads = value }; break;
                case "--rounds": options = options with { Rounds = value }; break;
                default: return null;
            }
        }

        return options;
    }
}
