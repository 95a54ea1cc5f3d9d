using System.Globalization;
using MedGen.Sdk.Errors;

namespace MedGen.Plugins.SurgicalPhase;

/// <summary>What a caller may choose.</summary>
internal sealed record PhaseParameters
{
    private const string DwellName = "dwell";
    private const string IllegalDwellName = "illegal_dwell";
    private const string LowConfidenceName = "low_confidence";
    private const string ModeName = "mode";
    private const string Online = "online";
    private const string Offline = "offline";
    private const double MaxDwell = 600;
    private static readonly string[] Names = [DwellName, IllegalDwellName, LowConfidenceName, ModeName];

    /// <summary>Seconds that a new phase must be the most probable one before it is committed, 0 to 600; default 5.</summary>
    public double Dwell { get; private init; } = 5;

    /// <summary>
    /// The same for a change that the workflow does not know, at least <see cref="Dwell"/>; default 15, or the dwell where that is longer.
    /// </summary>
    public double IllegalDwell { get; private init; } = 15;

    /// <summary>Below this largest probability an interval is reported, 0 to 1; default 0.5.</summary>
    public double LowConfidence { get; private init; } = 0.5;

    /// <summary>Whether the whole clip is decoded with the workflow once it has ended (mode <c>offline</c>; default <c>online</c>).</summary>
    public bool IsOffline { get; private init; }

    public static PhaseParameters Parse(IReadOnlyDictionary<string, string> values, bool isLive)
    {
        Violations all = new();
        Violations violations = all.In("parameters");
        foreach (string name in values.Keys)
        {
            violations.OneOf(name, name, Names);
        }

        if (values.TryGetValue(ModeName, out string? mode))
        {
            violations.OneOf(ModeName, mode, isLive ? [Online] : [Online, Offline]);
        }

        double dwell = Number(values, DwellName, 5, 0, MaxDwell, violations);
        PhaseParameters parameters = new()
        {
            Dwell = dwell,
            IllegalDwell = Number(values, IllegalDwellName, Math.Max(15, dwell), dwell, MaxDwell, violations),
            LowConfidence = Number(values, LowConfidenceName, 0.5, 0, 1, violations),
            IsOffline = mode == Offline,
        };
        all.ThrowIfAny();
        return parameters;
    }

    private static double Number(
        IReadOnlyDictionary<string, string> values, string name, double standard, double min, double max, Violations violations)
    {
        if (!values.TryGetValue(name, out string? text))
        {
            return standard;
        }

        // What is no number is in no range.
        double value = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : double.NaN;
        violations.Within(name, (double?)value, min, max);
        return double.IsNaN(value) ? standard : value;
    }
}
