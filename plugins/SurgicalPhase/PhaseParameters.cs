using System.Globalization;
using MedGen.Abstractions.Errors;

namespace MedGen.Plugins.SurgicalPhase;

/// <summary>What a caller may choose.</summary>
internal sealed record PhaseParameters
{
    private const string DwellName = "dwell";
    private const string IllegalDwellName = "illegal_dwell";
    private const string LowConfidenceName = "low_confidence";
    private const string ModeName = "mode";
    private const double LongestDwell = 600;

    /// <summary>Seconds that a new phase must be the most probable one before it is committed, 0 to 600; default 5.</summary>
    public double Dwell { get; private init; } = 5;

    /// <summary>The same for a change that the workflow does not know, at least <see cref="Dwell"/>; default 15, or the dwell where that is longer.</summary>
    public double IllegalDwell { get; private init; } = 15;

    /// <summary>Below this largest probability an interval is reported, 0 to 1; default 0.5.</summary>
    public double LowConfidence { get; private init; } = 0.5;

    /// <summary>Whether the whole clip is decoded with the workflow once it has ended (mode <c>offline</c>; default <c>online</c>).</summary>
    public bool IsOffline { get; private init; }

    public static PhaseParameters Parse(IReadOnlyDictionary<string, string> values, bool isLive)
    {
        foreach (string name in values.Keys)
        {
            if (name is not (DwellName or IllegalDwellName or LowConfidenceName or ModeName))
            {
                throw Wrong(name, $"There is no such parameter; allowed are {DwellName}, {IllegalDwellName}, {LowConfidenceName} and {ModeName}.");
            }
        }

        double dwell = Number(values, DwellName, 5, 0, LongestDwell);
        bool offline = values.GetValueOrDefault(ModeName, "online") switch
        {
            "online" => false,
            "offline" when !isLive => true,
            "offline" => throw Wrong(ModeName, "A live stream is answered while it runs; offline is for stored clips."),
            string other => throw Wrong(ModeName, $"Got '{other}'; allowed are online and offline."),
        };
        return new PhaseParameters
        {
            Dwell = dwell,
            IllegalDwell = Number(values, IllegalDwellName, Math.Max(15, dwell), dwell, LongestDwell),
            LowConfidence = Number(values, LowConfidenceName, 0.5, 0, 1),
            IsOffline = offline,
        };
    }

    private static double Number(IReadOnlyDictionary<string, string> values, string name, double standard, double least, double most) =>
        !values.TryGetValue(name, out string? text) ? standard
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value >= least && value <= most ? value
        : throw Wrong(name, FormattableString.Invariant($"Got '{text}'; allowed is a number from {least} to {most}."));

    private static InvalidInputException Wrong(string name, string what) => new($"parameters.{name}", what);
}
