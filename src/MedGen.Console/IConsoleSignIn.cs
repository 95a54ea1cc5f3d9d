using MedGen.Application.Access;
using Microsoft.AspNetCore.Http;

namespace MedGen.WebConsole;

/// <summary>Begins and ends a browser's session; the host's part.</summary>
public interface IConsoleSignIn
{
    /// <summary>Whether callers must say who they are; without, whoever is on the machine runs the platform, and nobody signs in.</summary>
    bool AsksForCredentials { get; }

    /// <summary>Names of the issuers that people sign in with by the issuer's own page, at <c>/sign-in/with/NAME</c>.</summary>
    IReadOnlyList<string> Issuers { get; }

    /// <summary>Begins a session.</summary>
    /// <param name="http">The call whose answer gets the cookie.</param>
    /// <param name="key">An API key, or a token of an issuer that the host trusts.</param>
    /// <returns>Whose key it is.</returns>
    /// <exception cref="MedGen.Sdk.Errors.UnauthenticatedException">The key is not good; the message says why.</exception>
    Task<Caller> SignInAsync(HttpContext http, string key);

    /// <summary>Ends the session.</summary>
    /// <param name="http">The call whose answer takes the cookie back.</param>
    void SignOut(HttpContext http);
}
