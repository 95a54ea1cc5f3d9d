using MedGen.Application.Access;
using MedGen.Application.Auditing;
using MedGen.Sdk.Errors;
using MediatR;

namespace MedGen.Application.Behaviors;

/// <summary>
/// Third: the caller is known and may ask for the operation that the message stands for. The host has asked the same policy before it read the
/// request; this holds for whoever else sends messages. Refusals are audited here, because the audit behavior only sees what has passed.
/// </summary>
internal sealed class AuthorizationBehavior<TRequest, TResponse>(CallerContext context, IAccessPolicies policies, IAuditTrail audit)
    : IPipelineBehavior<TRequest, TResponse>
    where TRequest : notnull
{
    private static readonly string Operation = OperationAttribute.Of(typeof(TRequest));

    public async Task<TResponse> Handle(TRequest request, RequestHandlerDelegate<TResponse> next, CancellationToken cancellationToken)
    {
        try
        {
            policies.Current.Require(context.Require(), Operation);
        }
        catch (MedGenException refusal)
        {
            await audit.RecordAsync(MessageEntry.Of(request, context.Caller, refusal.Reason)).ConfigureAwait(false);
            throw;
        }

        return await next(cancellationToken).ConfigureAwait(false);
    }
}
