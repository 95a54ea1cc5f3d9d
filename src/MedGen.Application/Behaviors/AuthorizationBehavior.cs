using System.Reflection;
using System.Runtime.CompilerServices;
using MedGen.Abstractions.Errors;
using MedGen.Application.Access;
using MedGen.Application.Auditing;
using MediatR;

namespace MedGen.Application.Behaviors;

/// <summary>
/// Third: the caller is known and has the role that the message asks for. Refusals are audited here, because the audit behavior only sees what
/// has passed. The role lies on the message, so no handler can forget it; a message without one is for nobody.
/// </summary>
internal sealed class AuthorizationBehavior<TRequest, TResponse>(CallerContext context, IAuditLog audit)
    : IPipelineBehavior<TRequest, TResponse>, IStreamPipelineBehavior<TRequest, TResponse>
    where TRequest : notnull
{
    private static readonly Role? Required = typeof(TRequest).GetCustomAttribute<RequiresRoleAttribute>()?.Role;

    public async Task<TResponse> Handle(TRequest request, RequestHandlerDelegate<TResponse> next, CancellationToken cancellationToken)
    {
        await AuthorizeAsync(request);
        return await next(cancellationToken);
    }

    public async IAsyncEnumerable<TResponse> Handle(
        TRequest request, StreamHandlerDelegate<TResponse> next, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await AuthorizeAsync(request);
        await foreach (TResponse item in next().WithCancellation(cancellationToken))
        {
            yield return item;
        }
    }

    private async Task AuthorizeAsync(TRequest request)
    {
        try
        {
            Caller caller = context.Require();
            if (Required is null || caller.Role < Required)
            {
                string needed = Required?.ToString().ToLowerInvariant() ?? "(none)";
                throw new AccessDeniedException(
                    $"{typeof(TRequest).Name} needs the role {needed}; this caller has {caller.Role.ToString().ToLowerInvariant()}.");
            }
        }
        catch (MedGenException refusal)
        {
            AuditEntry entry = new()
            {
                Caller = context.Caller?.Name ?? AuditBehavior.Anonymous,
                Action = typeof(TRequest).Name,
                Subject = (request as IAuditedMessage)?.AuditSubject ?? "",
                Outcome = refusal.Reason,
            };
            await audit.AppendAsync(entry, CancellationToken.None);
            throw;
        }
    }
}
