using System.Runtime.CompilerServices;
using MedGen.Abstractions.Errors;
using MedGen.Application.Access;
using MedGen.Application.Admission;
using MediatR;

namespace MedGen.Application.Behaviors;

/// <summary>Sixth and last: work whose deadline has passed, or for which there is no room, is refused before anything is done for it.</summary>
internal sealed class AdmissionBehavior<TRequest, TResponse>(CallerContext context, AdmissionGate gate, OpenStreams streams, TimeProvider time)
    : IPipelineBehavior<TRequest, TResponse>, IStreamPipelineBehavior<TRequest, TResponse>
    where TRequest : notnull
{
    public async Task<TResponse> Handle(TRequest request, RequestHandlerDelegate<TResponse> next, CancellationToken cancellationToken)
    {
        RequireTime();
        if (request is not IWorkMessage { Estimate: var estimate })
        {
            return await next(cancellationToken);
        }

        string caller = context.Require().Name;
        using IDisposable? place = estimate.HoldsStream ? streams.Open(caller) : null;
        return await gate.EnterAsync(caller, estimate, () => next(cancellationToken), cancellationToken);
    }

    // A stream ends with its caller: it joins no queue and writes no files, so only its deadline and the number of its kind are looked at.
    public async IAsyncEnumerable<TResponse> Handle(
        TRequest request, StreamHandlerDelegate<TResponse> next, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        RequireTime();
        using IDisposable place = streams.Open(context.Require().Name);
        await foreach (TResponse item in next().WithCancellation(cancellationToken))
        {
            yield return item;
        }
    }

    private void RequireTime()
    {
        if (context.Deadline is { } deadline && deadline <= time.GetUtcNow())
        {
            throw new DeadlineExceededException("The deadline of this call has passed before any work was done.");
        }
    }
}
