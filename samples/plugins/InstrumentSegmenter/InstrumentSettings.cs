using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace InstrumentSegmenter;

/// <summary>What the operator can set.</summary>
internal sealed record InstrumentSettings
{
    /// <summary>Share of the picture that an instrument takes at least.</summary>
    [Range(0.0, 1.0), Description("Share of the picture that an instrument takes at least.")]
    public double LeastShare { get; init; } = 0.01;
}
