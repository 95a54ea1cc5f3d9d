using System.Diagnostics;
using System.Runtime.CompilerServices;
using MediatR;

namespace MedGen.Application.Behaviors;

/// <summary>First: an activity and a duration for every message, refused ones included.</summary>
internal sealed class TracingBehavior<TRequest, TResponse>(TimeProvider time)
    : IPipelineBehavior<TRequest, TResponse>, IStreamPipelineBehavior<TRequest, TResponse>
    where TRequest : notnull
{
    public async Task<TResponse> Handle(TRequest request, RequestHandlerDelegate<TResponse> next, CancellationToken cancellationToken)
    {
        using Activity? activity = MedGenDiagnostics.Activities.StartActivity(typeof(TRequest).Name);
        long started = time.GetTimestamp();
        string outcome = MessageOutcome.Ok;
        try
        {
            return await next(cancellationToken);
        }
        catch (Exception exception)
        {
            outcome = MessageOutcome.Of(exception);
            throw;
        }
        finally
        {
            Record(activity, started, outcome);
        }
    }

    public async IAsyncEnumerable<TResponse> Handle(
        TRequest request, StreamHandlerDelegate<TResponse> next, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using Activity? activity = MedGenDiagnostics.Activities.StartActivity(typeof(TRequest).Name);
        long started = time.GetTimestamp();
        await foreach (TResponse item in MessageOutcome.WatchAsync(next(), Ended, cancellationToken))
        {
            yield return item;
        }

        Task Ended(string outcome)
        {
            Record(activity, started, outcome);
            return Task.CompletedTask;
        }
    }

    private void Record(Activity? activity, long started, string outcome)
    {
        TagList tags = new() { { "message", typeof(TRequest).Name }, { "outcome", outcome } };
        MedGenDiagnostics.MessageDuration.Record(time.GetElapsedTime(started).TotalSeconds, tags);
        activity?.SetTag("outcome", outcome);
        activity?.SetStatus(outcome == MessageOutcome.Ok ? ActivityStatusCode.Ok : ActivityStatusCode.Error);
    }
}
