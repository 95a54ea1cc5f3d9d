using MedGen.Sdk.Errors;
using MedGen.Application.Access;
using MedGen.Application.Admission;
using MedGen.Application.Streaming;
using MediatR;

namespace MedGen.Application.Behaviors;

/// <summary>Sixth and last: work whose deadline has passed, or for which there is no room, is refused before anything is done for it.</summary>
internal sealed class AdmissionBehavior<TRequest, TResponse>(CallerContext context, AdmissionGate gate, OpenStreams streams, TimeProvider time)
    : IPipelineBehavior<TRequest, TResponse>
    where TRequest : notnull
{
    public async Task<TResponse> Handle(TRequest request, RequestHandlerDelegate<TResponse> next, CancellationToken cancellationToken)
    {
        if (context.Deadline is { } deadline && deadline <= time.GetUtcNow())
        {
            throw new DeadlineExceededException("The deadline of this call has passed before any work was done.");
        }

        Caller caller = context.Require();
        if (request is IWorkMessage { Estimate: var estimate })
        {
            using IDisposable? place = estimate.HoldsStream ? streams.Open(caller.Name) : null;
            return await gate.EnterAsync(caller, estimate, () => next(cancellationToken), cancellationToken).ConfigureAwait(false);
        }

        // A stream ends with its caller: it joins no queue and writes no files, so only the number of its kind is looked at.
        TResponse response = await next(cancellationToken).ConfigureAwait(false);
        return response is StreamedAnswer stream ? (TResponse)(object)stream.Within(() => streams.Open(caller.Name)) : response;
    }
}
