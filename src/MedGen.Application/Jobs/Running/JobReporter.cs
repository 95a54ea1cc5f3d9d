namespace MedGen.Application.Jobs.Running;

/// <summary>
/// What a running job says goes through here into its log. Progress and interim findings are thinned to one event in a while; the end of a stage and
/// everything else is always kept.
/// </summary>
internal sealed class JobReporter(JobQueue queue, string jobId, TimeProvider time, TimeSpan interval)
{
    private JobStage? _stage;
    private int _position;
    private long? _lastProgress;
    private long? _lastInterim;
    private long? _lastAdvance;

    public async Task ReportAsync(JobEventPayload payload, CancellationToken cancellationToken)
    {
        bool kept = payload switch
        {
            JobProgressed progress =>
                IsDue(ref _lastProgress, progress.Stage != _stage || progress.Position != _position || progress.StepsDone == progress.StepsTotal),
            FindingsReported { Interim: true } => IsDue(ref _lastInterim, always: false),
            AugmentationAdvanced advanced => IsDue(ref _lastAdvance, always: advanced.Kept == advanced.Wanted),
            _ => true,
        };
        if (payload is JobProgressed { Stage: var stage, Position: var position })
        {
            (_stage, _position) = (stage, position);
        }

        if (kept)
        {
            await queue.AppendAsync(jobId, payload, cancellationToken).ConfigureAwait(false);
        }
    }

    private bool IsDue(ref long? last, bool always)
    {
        long now = time.GetTimestamp();
        if (!always && last is { } before && time.GetElapsedTime(before, now) < interval)
        {
            return false;
        }

        last = now;
        return true;
    }
}
