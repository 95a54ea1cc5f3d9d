using System.ComponentModel.DataAnnotations;

namespace MedGen.Training.Recipes;

/// <summary>A low-rank adapter (LoRA, arXiv 2106.09685).</summary>
public sealed record LoraOptions
{
    /// <summary>Rank. 1 to 512; default 16.</summary>
    [Range(1, 512)]
    public int Rank { get; init; } = 16;

    /// <summary>The update is scaled by alpha / rank. Above 0, at most 1024; default 16.</summary>
    [Range(1e-3, 1024.0)]
    public double Alpha { get; init; } = 16;

    /// <summary>Linears of each block that are adapted: any of q, k, v, o (in both attentions), ffn.0, ffn.2. Default all.</summary>
    [MinLength(1)]
    public IReadOnlyList<string> Targets { get; init; } = ["q", "k", "v", "o", "ffn.0", "ffn.2"];
}
