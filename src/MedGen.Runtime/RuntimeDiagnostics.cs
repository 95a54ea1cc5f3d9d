using System.Diagnostics.Metrics;

namespace MedGen.Runtime;

/// <summary>Metrics of the device; subscribe to them by <see cref="Name"/>.</summary>
public static class RuntimeDiagnostics
{
    /// <summary>Name of the meter.</summary>
    public const string Name = "MedGen.Runtime";

    private static readonly Meter Meter = new(Name);

    /// <summary>Seconds of one step on the device, by <c>stage</c> and by how many generations shared it.</summary>
    internal static Histogram<double> StepDuration { get; } =
        Meter.CreateHistogram<double>("medgen.step.duration", "s", "Time of one step on the device, by stage and number of sharers.");
}
