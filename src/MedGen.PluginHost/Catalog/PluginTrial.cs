using MedGen.PluginHost.Loading;

namespace MedGen.PluginHost.Catalog;

/// <summary>A new version that gets a share of the calls. Not thread-safe: its record's lock guards it.</summary>
/// <param name="instance">The version.</param>
/// <param name="share">Share of the calls, 0 to 1.</param>
internal sealed class PluginTrial(PluginInstance instance, double share)
{
    // Steps of the golden ratio spread evenly, and keep the share in every part of the calls: a job that makes two leases in turn would otherwise
    // have the same one tried each time.
    private const double Step = 0.6180339887498949;

    private double _phase;

    /// <summary>The version.</summary>
    public PluginInstance Instance => instance;

    /// <summary>Share of the calls, 0 to 1.</summary>
    public double Share => share;

    /// <summary>Calls that it has done, well or not.</summary>
    public int Calls { get; private set; }

    /// <summary>Those that failed through the plugin.</summary>
    public int Failures { get; private set; }

    /// <summary>Whether the next call is its: evenly spread, so that the share holds for few calls, too.</summary>
    public bool TakesTurn() => (_phase = (_phase + Step) % 1) < share;

    /// <summary>Counts a call.</summary>
    public void Count(bool wentWell)
    {
        Calls++;
        Failures += wentWell ? 0 : 1;
    }
}
