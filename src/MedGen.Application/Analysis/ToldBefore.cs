using MedGen.Application.Jobs;
using MedGen.Sdk.Classification;

namespace MedGen.Application.Analysis;

/// <summary>What a classification said before it was cut off. It starts from the beginning then, and does not say it again.</summary>
internal sealed class ToldBefore
{
    private const int PageSize = 500;

    private readonly HashSet<TransitionDetected> _transitions = [];
    private long _lastFrame = -1;
    private bool _answered;

    public static async Task<ToldBefore> ReadAsync(IJobStore store, Job job, CancellationToken cancellationToken)
    {
        ToldBefore told = new();
        long after = 0;
        while (after < job.LastEvent)
        {
            IReadOnlyList<JobEvent> page = await store.ReadEventsAsync(job.Id, after, PageSize, cancellationToken).ConfigureAwait(false);
            if (page.Count == 0)
            {
                break;
            }

            foreach (JobEvent one in page)
            {
                told.Note(one.Payload);
            }

            after = page[^1].Number;
        }

        return told;
    }

    public bool Contains(ClassificationUpdate update) => update switch
    {
        FramePrediction frame => frame.FrameIndex <= _lastFrame,
        TransitionDetected transition => _transitions.Contains(transition),
        ClipPrediction => _answered,
        _ => false,
    };

    private void Note(JobEventPayload payload)
    {
        switch (payload)
        {
            case FrameClassified frame:
                _lastFrame = Math.Max(_lastFrame, frame.Prediction.FrameIndex);
                break;
            case TransitionClassified transition:
                _transitions.Add(transition.Transition);
                break;
            case ClipClassified:
                _answered = true;
                break;
        }
    }
}
