using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace PolypDetector;

/// <summary>What a caller can choose.</summary>
internal sealed record PolypParameters
{
    /// <summary>Score from which on a polyp is told of; lower finds more, and more that is none.</summary>
    [Range(0.05, 1.0), Description("Score from which on a polyp is told of; lower finds more, and more that is none.")]
    public double LeastScore { get; init; } = 0.4;
}
