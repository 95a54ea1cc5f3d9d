using System.Diagnostics;
using MedGen.Application.Auditing;
using MedGen.Application.Streaming;
using MediatR;

namespace MedGen.Application.Behaviors;

/// <summary>First: an activity and a duration for every message, refused ones included; of a stream, to its end.</summary>
internal sealed class TracingBehavior<TRequest, TResponse>(TimeProvider time) : IPipelineBehavior<TRequest, TResponse>
    where TRequest : notnull
{
    public async Task<TResponse> Handle(TRequest request, RequestHandlerDelegate<TResponse> next, CancellationToken cancellationToken)
    {
        Activity? activity = MedGenDiagnostics.Activities.StartActivity(typeof(TRequest).Name);
        long started = time.GetTimestamp();
        try
        {
            TResponse response = await next(cancellationToken).ConfigureAwait(false);
            if (response is StreamedAnswer stream)
            {
                return (TResponse)(object)stream.Watched(outcome =>
                {
                    Record(activity, started, outcome);
                    return Task.CompletedTask;
                });
            }

            Record(activity, started, MessageOutcome.Ok);
            return response;
        }
        catch (Exception exception)
        {
            Record(activity, started, MessageOutcome.Of(exception));
            throw;
        }
    }

    private void Record(Activity? activity, long started, string outcome)
    {
        TagList tags = new() { { "message", typeof(TRequest).Name }, { "outcome", outcome } };
        MedGenDiagnostics.MessageDuration.Record(time.GetElapsedTime(started).TotalSeconds, tags);
        activity?.SetTag("outcome", outcome);
        activity?.SetStatus(outcome == MessageOutcome.Ok ? ActivityStatusCode.Ok : ActivityStatusCode.Error);
        activity?.Dispose();
    }
}
