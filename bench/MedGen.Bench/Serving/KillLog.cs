using MedGen.Client;
using MedGen.Protos.V1;

namespace MedGen.Bench.Serving;

/// <summary>What the jobs' events tell of steps that were done twice.</summary>
internal sealed class KillLog
{
    private readonly Dictionary<string, (long Event, int Step)> _last = [];
    private readonly List<int> _repeated = [];

    /// <summary>Follows a job from where it was left until it ends, or the host does.</summary>
    public async Task WatchAsync(MedGenClient client, string job, CancellationToken stop)
    {
        try
        {
            await foreach (JobEvent one in client.Jobs.WatchAsync(job, Last(job).Event, stop))
            {
                Note(job, one);
            }
        }
        catch (Exception exception) when (exception is MedGenRpcException or OperationCanceledException)
        {
            // The host was killed.
        }
    }

    public override string ToString()
    {
        Samples steps = new(_repeated.Count == 0 ? [0] : _repeated.Select(count => (double)count));
        return FormattableString.Invariant($"steps repeated after a kill: median {steps.Median}, at most {steps.Longest} ({_repeated.Count} times that a job went on)");
    }

    private (long Event, int Step) Last(string job)
    {
        lock (_last)
        {
            return _last.GetValueOrDefault(job);
        }
    }

    // The first denoising progress of a start tells where it goes on: the checkpoint's step, or one when it starts from the beginning.
    private void Note(string job, JobEvent one)
    {
        lock (_last)
        {
            int step = _last.GetValueOrDefault(job).Step;
            if (one.Progress is { Stage: JobStage.Denoising } progress)
            {
                if (progress.StepsDone <= step)
                {
                    _repeated.Add(step - progress.StepsDone);
                }

                step = progress.StepsDone;
            }

            _last[job] = (one.Number, step);
        }
    }
}
