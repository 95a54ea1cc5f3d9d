using System.ComponentModel.DataAnnotations;

namespace MedGen.Sdk.Generation;

/// <summary>
/// Shortcuts of one generation: less work for frames that differ from the exact run's. How far they differ is measured on medgen-mini in
/// docs/performance.md. The default of each is off. An accelerated generation shares no forward with others and writes no checkpoints: interrupted,
/// it begins again.
/// </summary>
public sealed record GenerationAcceleration
{
    /// <summary>
    /// TeaCache (arXiv 2411.19108): steps whose time embedding changed little reuse what the transformer's blocks added at the last computed one.
    /// Accumulated relative change that is let pass, above 0, at most 1; the authors take 0.05 to 0.08 for Wan 2.1 1.3B, 0.14 to 0.2 for 14B. Null:
    /// off. Not together with <see cref="EasyCacheThreshold"/>.
    /// </summary>
    [Range(0.0, 1.0, MinimumIsExclusive = true)]
    public double? TeaCacheThreshold { get; init; }

    /// <summary>
    /// EasyCache (arXiv 2507.02860): as TeaCache, decided by how fast the velocity changed so far. Accumulated relative change that is let pass,
    /// above 0, at most 1; the authors take 0.05. Its first ten steps are always computed. Null: off.
    /// </summary>
    [Range(0.0, 1.0, MinimumIsExclusive = true)]
    public double? EasyCacheThreshold { get; init; }

    /// <summary>
    /// Share of the steps, from the first, that predict without the prompt, too; later ones reuse the last difference that the prompt made. Above 0,
    /// at most 1; 1 (default): all.
    /// </summary>
    [Range(0.0, 1.0, MinimumIsExclusive = true)]
    public double GuidedShare { get; init; } = 1;

    /// <summary>
    /// CFG-Zero* (arXiv 2503.18886): scales the prediction without the prompt to fit the one with it before they are combined. No faster; another
    /// picture.
    /// </summary>
    public bool ZeroStarGuidance { get; init; }
}
