using System.Text.Json.Serialization;

namespace MedGen.Classifiers.Training.SurgicalPhase.Evaluation;

/// <summary>When a frame counts as right.</summary>
public enum PhaseProtocol
{
    /// <summary>The predicted phase is the true one.</summary>
    [JsonStringEnumMemberName("strict")]
    Strict,

    /// <summary>
    /// As <see cref="Strict"/>, and within 10 s of a true boundary the phase on its other side is right, too: in the first 10 s of a true segment the
    /// phase with the id before (and two before in the last two phases), in its last 10 s the id after (and two after from the fourth phase on).
    /// </summary>
    [JsonStringEnumMemberName("relaxed")]
    Relaxed,

    /// <summary>
    /// What the published MATLAB script (<c>Evaluate.m</c> of SV-RCNet and TMRNet) computes: as <see cref="Relaxed"/>, but its mask for a segment's
    /// last 10 s is laid onto the segment's first 10 s. Published "relaxed" figures are of this kind.
    /// </summary>
    [JsonStringEnumMemberName("relaxed-matlab")]
    RelaxedMatlab,
}
