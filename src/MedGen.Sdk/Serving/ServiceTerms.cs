using System.ComponentModel.DataAnnotations;
using MedGen.Sdk.Generation;

namespace MedGen.Sdk.Serving;

/// <summary>How a generation is served. Nothing here changes its frames.</summary>
public sealed record ServiceTerms
{
    /// <summary>For whom: those who wait share the device evenly by this name. Empty: nobody in particular.</summary>
    public string Tenant { get; init; } = "";

    /// <summary>How urgent.</summary>
    public ServicePriority Priority { get; init; } = ServicePriority.Normal;

    /// <summary>When the last frame is needed; null: any time.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>
    /// A <see cref="GenerationCheckpoint"/> after every so many steps, after the last one, and when the generation is cancelled in between; 0: none.
    /// 0 to 200.
    /// </summary>
    [Range(0, GenerationLimits.MaxSteps)]
    public int CheckpointInterval { get; init; }

    /// <summary>
    /// Where to go on; null: at the beginning. One that is damaged, or of another request or model, gives <see cref="CheckpointRejected"/> and a
    /// fresh start.
    /// </summary>
    public GenerationCheckpoint? Checkpoint { get; init; }
}
