using System.Diagnostics;
using System.Diagnostics.Metrics;
using MedGen.Sdk.Generation;

namespace MedGen.Runtime;

/// <summary>Metrics and spans of the device; subscribe to them by <see cref="Name"/>.</summary>
public static class RuntimeDiagnostics
{
    /// <summary>Name of the meter and of the source of spans.</summary>
    public const string Name = "MedGen.Runtime";

    private static readonly Meter Meter = new(Name);
    private static readonly ActivitySource Activities = new(Name);

    /// <summary>Seconds of one step on the device, by <c>stage</c> and by how many generations shared it.</summary>
    internal static Histogram<double> StepDuration { get; } =
        Meter.CreateHistogram<double>("medgen.step.duration", "s", "Time of one step on the device, by stage and number of sharers.");

    /// <summary>Writes the span of a step that has ended into the trace that its generation belongs to.</summary>
    /// <param name="trace">Where the generation was asked for; the default: nobody traces it.</param>
    /// <param name="stage">What the step was for.</param>
    /// <param name="sessions">How many generations shared it.</param>
    /// <param name="started">When it began; it ends now.</param>
    /// <param name="isGood">Whether it succeeded.</param>
    internal static void TraceStep(ActivityContext trace, GenerationStage stage, int sessions, DateTimeOffset started, bool isGood)
    {
        if (trace == default)
        {
            return;
        }

        // The device thread serves many traces: the parent is stated, and not the thread's.
        using Activity? step = Activities.StartActivity(
            $"Step.{stage}", ActivityKind.Internal, trace, [new("sessions", sessions)], startTime: started);
        if (!isGood)
        {
            step?.SetStatus(ActivityStatusCode.Error);
        }
    }
}
