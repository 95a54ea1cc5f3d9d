using System.Security.Claims;
using MedGen.Application.Access;

namespace MedGen.Host.Access;

/// <summary>A caller as the framework knows users.</summary>
internal sealed class CallerIdentity : ClaimsIdentity
{
    public CallerIdentity(Caller caller, string scheme)
        : base([new Claim(ClaimTypes.Name, caller.Name), .. caller.Roles.Select(role => new Claim(ClaimTypes.Role, role.ToString()))], scheme) =>
        Caller = caller;

    public Caller Caller { get; }

    /// <summary>What the caller has shown; null until the call has passed <see cref="CallerMiddleware"/>.</summary>
    public Credentials? Shown { get; set; }
}
