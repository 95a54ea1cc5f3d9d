using MedGen.Application.Access;
using MedGen.Sdk.Errors;
using MedGen.WebConsole;

namespace MedGen.Host.Access;

/// <summary>Signs browsers in with what the host takes of every caller.</summary>
internal sealed class ConsoleSignIn(AccessDirectory directory, CredentialJudge judge, ConsoleSession session, AccessAudit audit) : IConsoleSignIn
{
    public bool AsksForCredentials => directory.AsksForCredentials;

    public IReadOnlyList<string> Issuers =>
        [.. directory.Rules?.Issuers.Select(keys => keys.Issuer).Where(issuer => issuer.Console is not null).Select(issuer => issuer.Name) ?? []];

    public async Task<Caller> SignInAsync(HttpContext http, string key)
    {
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(key);
        try
        {
            (Caller caller, string scheme) = await judge.WhoAsync(new Credentials("Bearer " + key.Trim(), null)).ConfigureAwait(false);
            await audit.SeenAsync(caller with { Address = AccessAudit.AddressOf(http) }, scheme).ConfigureAwait(false);
            session.Begin(http, key.Trim());
            return caller;
        }
        catch (UnauthenticatedException)
        {
            await audit.LoginFailedAsync(http, "CREDENTIALS_UNKNOWN").ConfigureAwait(false);
            throw;
        }
    }

    public void SignOut(HttpContext http) => ConsoleSession.End(http);
}
