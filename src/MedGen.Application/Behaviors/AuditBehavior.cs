using MedGen.Application.Access;
using MedGen.Application.Auditing;
using MedGen.Application.Streaming;
using MediatR;

namespace MedGen.Application.Behaviors;

/// <summary>Fifth: who sent which message about what, and how it ended. An answer whose entry cannot be written is not given.</summary>
internal sealed class AuditBehavior<TRequest, TResponse>(CallerContext context, IAuditTrail audit) : IPipelineBehavior<TRequest, TResponse>
    where TRequest : notnull
{
    public async Task<TResponse> Handle(TRequest request, RequestHandlerDelegate<TResponse> next, CancellationToken cancellationToken)
    {
        TResponse response;
        try
        {
            response = await next(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            await audit.RecordAsync(MessageEntry.Of(request, context.Caller, MessageOutcome.Of(exception))).ConfigureAwait(false);
            throw;
        }

        if (response is StreamedAnswer stream)
        {
            return (TResponse)(object)stream.Watched(outcome => audit.RecordAsync(MessageEntry.Of(request, context.Caller, outcome)));
        }

        await audit.RecordAsync(MessageEntry.Of(request, context.Caller, MessageOutcome.Ok, response as IAuditedAnswer)).ConfigureAwait(false);
        return response;
    }
}
