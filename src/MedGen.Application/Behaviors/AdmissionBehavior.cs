using System.Runtime.CompilerServices;
using MedGen.Abstractions.Errors;
using MedGen.Application.Access;
using MedGen.Application.Admission;
using MediatR;

namespace MedGen.Application.Behaviors;

/// <summary>Sixth and last: work whose deadline has passed, or for which there is no room, is refused before anything is done for it.</summary>
internal sealed class AdmissionBehavior<TRequest, TResponse>(CallerContext context, AdmissionGate gate, TimeProvider time)
    : IPipelineBehavior<TRequest, TResponse>, IStreamPipelineBehavior<TRequest, TResponse>
    where TRequest : notnull
{
    public async Task<TResponse> Handle(TRequest request, RequestHandlerDelegate<TResponse> next, CancellationToken cancellationToken)
    {
        RequireTime();
        return request is IWorkMessage work
            ? await gate.EnterAsync(context.Require().Name, work.Estimate, () => next(cancellationToken), cancellationToken)
            : await next(cancellationToken);
    }

    // A stream ends with its caller: it joins no queue and writes no files, so only its deadline is looked at.
    public async IAsyncEnumerable<TResponse> Handle(
        TRequest request, StreamHandlerDelegate<TResponse> next, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        RequireTime();
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
