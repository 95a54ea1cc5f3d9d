using MedGen.Host.Errors;
using MedGen.Sdk.Errors;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;

namespace MedGen.Host.Access;

/// <summary>
/// Answers calls that are not authorised before anything of their request is read: gRPC reads a unary request whole before a service, or an
/// interceptor, is asked. The answer is the one that the interceptor would give. Each is audited, not logged: whoever has no credentials must not
/// fill the log.
/// </summary>
internal sealed class RefusalHandler(AccessAudit audit) : IAuthorizationMiddlewareResultHandler
{
    public async Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        if (authorizeResult.Succeeded)
        {
            await next(context).ConfigureAwait(false);
            return;
        }

        if (context.User.Identity is CallerIdentity { Caller: var caller } && authorizeResult.Forbidden)
        {
            string reason = authorizeResult.AuthorizationFailure?.FailureReasons.FirstOrDefault()?.Message ?? "This is not for this caller.";
            AccessDeniedException denied = new(reason);
            await audit.DeniedAsync(caller with { Address = AccessAudit.AddressOf(context) }, context.GetEndpoint(), denied.Reason)
                .ConfigureAwait(false);
            await StatusAnswer.WriteAsync(context, ErrorMapping.Describe(denied)).ConfigureAwait(false);
            return;
        }

        // Known already: a scheme looks at a call once.
        Exception? failure = (await context.AuthenticateAsync().ConfigureAwait(false)).Failure;
        RefusedCredentialsException? refusal = RefusedCredentialsException.In(failure);
        if (ConsoleSession.IsPage(context))
        {
            // A visitor who has not signed in yet is no failed login.
            if (failure is not null)
            {
                await audit.LoginFailedAsync(context, refusal?.Reason ?? "CREDENTIALS_UNKNOWN").ConfigureAwait(false);
            }

            context.Response.Redirect(ConsoleSession.SignInAddress(context));
            return;
        }

        await audit.LoginFailedAsync(context, refusal?.Reason ?? (failure is null ? "CREDENTIALS_MISSING" : "CREDENTIALS_UNKNOWN"))
            .ConfigureAwait(false);
        UnauthenticatedException unknown = new(
            refusal?.Message ?? (failure is null ? "This call needs credentials; none were given." : RefusedCredentialsException.Unknown().Message));
        await StatusAnswer.WriteAsync(context, ErrorMapping.Describe(unknown)).ConfigureAwait(false);
    }
}
