using System.Text.RegularExpressions;

namespace MedGen.Model.Adapters;

/// <summary>What one place states about the factor of an adapter's updates, in the terms of PEFT's LoraConfig.</summary>
internal sealed record AdapterScaling
{
    /// <summary>Where it is stated, for errors.</summary>
    public required string Source { get; init; }

    /// <summary><c>lora_alpha</c>; null: not stated, the factor is 1.</summary>
    public double? Alpha { get; init; }

    /// <summary><c>r</c>; null: not stated, the rank is that of the tensors.</summary>
    public double? Rank { get; init; }

    /// <summary><c>alpha_pattern</c>: alphas of modules whose name the pattern ends.</summary>
    public IReadOnlyList<(Regex Module, double Value)> Alphas { get; init; } = [];

    /// <summary><c>rank_pattern</c>, likewise.</summary>
    public IReadOnlyList<(Regex Module, double Value)> Ranks { get; init; } = [];

    /// <summary><c>use_rslora</c>: alpha is divided by the square root of the rank (arXiv 2312.03732).</summary>
    public bool IsRankStabilized { get; init; }

    /// <summary>The rank that a module is stated to have; null: none is stated.</summary>
    public double? RankOf(string module) => Find(Ranks, module) ?? Rank;

    /// <summary>What Up · Down is multiplied by; null: nothing is stated.</summary>
    public double? FactorOf(string module, long rank) => (Find(Alphas, module) ?? Alpha) / (IsRankStabilized ? Math.Sqrt(rank) : rank);

    private static double? Find(IReadOnlyList<(Regex Module, double Value)> patterns, string module)
    {
        foreach ((Regex pattern, double value) in patterns)
        {
            if (pattern.IsMatch(module))
            {
                return value;
            }
        }

        return null;
    }
}
