using MedGen.Application.Access;
using MedGen.Host.Errors;
using MedGen.Sdk.Errors;

namespace MedGen.Host.Access;

/// <summary>Tells the messages of a call who makes it, as the framework's authentication has found out.</summary>
internal sealed class CallerMiddleware(RequestDelegate next, AccessAudit audit)
{
    public async Task InvokeAsync(HttpContext http, CallerContext context)
    {
        if (http.User.Identity is CallerIdentity identity)
        {
            identity.Shown = Credentials.Of(http);
            context.Caller = identity.Caller with { Address = AccessAudit.AddressOf(http) };
            if (identity.AuthenticationType != AccessSchemes.Local)
            {
                try
                {
                    await audit.SeenAsync(context.Caller, identity.AuthenticationType!).ConfigureAwait(false);
                }
                catch (ResourceExhaustedException full)
                {
                    await StatusAnswer.WriteAsync(http, ErrorMapping.Describe(full)).ConfigureAwait(false);
                    return;
                }
            }
        }

        await next(http).ConfigureAwait(false);
    }
}
