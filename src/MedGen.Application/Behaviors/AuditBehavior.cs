using System.Runtime.CompilerServices;
using MedGen.Application.Access;
using MedGen.Application.Artifacts;
using MedGen.Application.Auditing;
using MedGen.Application.Jobs;
using MediatR;

namespace MedGen.Application.Behaviors;

/// <summary>Fifth: who sent which message about what, and how it ended. An answer whose entry cannot be written is not given.</summary>
internal sealed class AuditBehavior<TRequest, TResponse>(CallerContext context, IAuditLog audit)
    : IPipelineBehavior<TRequest, TResponse>, IStreamPipelineBehavior<TRequest, TResponse>
    where TRequest : notnull
{
    public async Task<TResponse> Handle(TRequest request, RequestHandlerDelegate<TResponse> next, CancellationToken cancellationToken)
    {
        if (request is not IAuditedMessage message)
        {
            return await next(cancellationToken);
        }

        TResponse response;
        try
        {
            response = await next(cancellationToken);
        }
        catch (Exception exception)
        {
            await WriteAsync(message, null, MessageOutcome.Of(exception));
            throw;
        }

        await WriteAsync(message, response, MessageOutcome.Ok);
        return response;
    }

    public async IAsyncEnumerable<TResponse> Handle(
        TRequest request, StreamHandlerDelegate<TResponse> next, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IAsyncEnumerable<TResponse> items = request is IAuditedMessage message
            ? MessageOutcome.WatchAsync(next(), outcome => WriteAsync(message, null, outcome), cancellationToken)
            : next();
        await foreach (TResponse item in items.WithCancellation(cancellationToken))
        {
            yield return item;
        }
    }

    // Not the caller's token: what was done is written down also when the caller has left.
    private Task<AuditRecord> WriteAsync(IAuditedMessage message, object? response, string outcome)
    {
        string? made = response switch
        {
            Job job => $"job:{job.Id}",
            Artifact artifact => $"artifact:{artifact.Id}",
            _ => null,
        };
        AuditEntry entry = new()
        {
            Caller = context.Caller?.Name ?? AuditBehavior.Anonymous,
            Action = typeof(TRequest).Name,
            Subject = string.Join(' ', new[] { message.AuditSubject, made }.Where(part => part is not null).Distinct()),
            Outcome = outcome,
        };
        return audit.AppendAsync(entry, CancellationToken.None);
    }
}

/// <summary>Names in the audit log that stand for no caller.</summary>
internal static class AuditBehavior
{
    /// <summary>Nobody knows who calls.</summary>
    public const string Anonymous = "anonymous";

    /// <summary>The platform itself, on its own account.</summary>
    public const string System = "system";
}
