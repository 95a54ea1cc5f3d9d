using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace MedGen.Application;

/// <summary>Traces and metrics of messages and jobs; subscribe to them by <see cref="Name"/>.</summary>
public static class MedGenDiagnostics
{
    /// <summary>Name of the activity source and of the meter.</summary>
    public const string Name = "MedGen.Application";

    internal static ActivitySource Activities { get; } = new(Name);

    internal static Meter Meter { get; } = new(Name);

    /// <summary>Seconds from a message's arrival to its answer (a stream: to its end), by <c>message</c> and <c>outcome</c>.</summary>
    internal static Histogram<double> MessageDuration { get; } =
        Meter.CreateHistogram<double>("medgen.message.duration", "s", "Time to serve a message, by message type and outcome.");

    /// <summary>Seconds that a job waited before a start, by <c>kind</c>.</summary>
    internal static Histogram<double> JobQueueTime { get; } =
        Meter.CreateHistogram<double>("medgen.job.queue_time", "s", "Time that a job waited before it began to run.");

    /// <summary>Seconds that a job ran, by <c>kind</c> and <c>outcome</c>.</summary>
    internal static Histogram<double> JobDuration { get; } =
        Meter.CreateHistogram<double>("medgen.job.duration", "s", "Time that a job ran, by kind and outcome.");

    /// <summary>Jobs that run now.</summary>
    internal static UpDownCounter<int> RunningJobs { get; } = Meter.CreateUpDownCounter<int>("medgen.job.running", "{job}", "Jobs that run now.");

    /// <summary>Seconds that a plugin's answer took, by <c>plugin</c> and <c>outcome</c>.</summary>
    internal static Histogram<double> PluginCallDuration { get; } =
        Meter.CreateHistogram<double>("medgen.plugin.call.duration", "s", "Time of a plugin's answer, by plugin and outcome.");
}
