using MedGen.Protos.V1;

namespace MedGen.Cli.Output;

/// <summary>Progress in a few words: the stage with its units, the place in the queue, and the time left where it is known.</summary>
internal static class JobProgressText
{
    public static string Describe(this JobProgress progress)
    {
        string left = progress.TimeLeft is { } time ? FormattableString.Invariant($", about {time.ToTimeSpan().TotalSeconds:0} s left") : "";
        return progress.Position > 0
            ? $"waiting, number {progress.Position}{left}"
            : $"{progress.Stage} {progress.StepsDone}/{progress.StepsTotal}{left}";
    }
}
