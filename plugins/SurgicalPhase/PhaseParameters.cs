using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using MedGen.Sdk.Errors;

namespace MedGen.Plugins.SurgicalPhase;

/// <summary>What a caller may choose.</summary>
internal sealed record PhaseParameters
{
    private const double MaxDwell = 600;
    private const double StandardIllegalDwell = 15;

    /// <summary>Seconds that a new phase must be the most probable one before it is committed, 0 to 600; default 5.</summary>
    [Range(0, MaxDwell)]
    [Description("Seconds that a new phase must be the most probable one before it is committed.")]
    public double Dwell { get; init; } = 5;

    /// <summary>
    /// The same for a change that the workflow does not know, at least <see cref="Dwell"/>, at most 600; default 15, or the dwell where that is
    /// longer.
    /// </summary>
    [Range(0, MaxDwell)]
    [Description("The same for a change that the workflow does not know; at least dwell. Default: 15, or the dwell where that is longer.")]
    public double? IllegalDwell { get; init; }

    /// <summary>Below this largest probability an interval is reported, 0 to 1; default 0.5.</summary>
    [Range(0.0, 1.0)]
    [Description("Below this largest probability a part of the film is reported as doubtful.")]
    public double LowConfidence { get; init; } = 0.5;

    /// <summary>Whether the whole clip is decoded with the workflow once it has ended.</summary>
    [Description("online: each second from what came before; offline: the whole film decoded with the workflow, for stored films.")]
    public PhaseMode Mode { get; init; } = PhaseMode.Online;

    /// <summary>The dwell of changes that the workflow does not know.</summary>
    public double LongDwell() => IllegalDwell ?? Math.Max(StandardIllegalDwell, Dwell);

    /// <summary>Adds what is wrong between parameters.</summary>
    public void Check(Violations violations, bool isLive)
    {
        violations.Within("illegal_dwell", IllegalDwell, Dwell, MaxDwell);
        violations.Require(!(isLive && Mode == PhaseMode.Offline), "mode", $"got 'offline'", $"online for a live film");
    }
}

/// <summary>When the course of a film is decided.</summary>
internal enum PhaseMode
{
    /// <summary>Each second from what came before.</summary>
    Online,

    /// <summary>The whole film at its end.</summary>
    Offline,
}
