using System.Security.Cryptography;
using MedGen.WebConsole;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;

namespace MedGen.Host.Access;

/// <summary>
/// A browser's session: a cookie that holds the caller's own API key or token, sealed with the host's keys. It gives no right of its own: the key is
/// judged at every call as if it stood in the header, so it ends when the key does.
/// </summary>
internal sealed class ConsoleSession(IDataProtectionProvider protection)
{
    public const string CookieName = "medgen-console";

    // A day at work.
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    // A token may be longer than what browsers take as one cookie.
    private static readonly ChunkingCookieManager Cookies = new();

    private readonly ITimeLimitedDataProtector _protector = protection.CreateProtector("MedGen.Console.Session").ToTimeLimitedDataProtector();

    /// <summary>Whether a call is a browser's for a page of the console.</summary>
    public static bool IsPage(HttpContext http) => http.GetEndpoint()?.Metadata.GetMetadata<ConsoleEndpoint>() is not null
        && HttpMethods.IsGet(http.Request.Method)
        && http.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);

    /// <summary>Where a caller who is not known signs in, and comes back from.</summary>
    public static string SignInAddress(HttpContext http)
    {
        string wanted = http.Request.Path + http.Request.QueryString;
        return ConsolePaths.SignIn + (wanted == "/" ? "" : QueryString.Create("return", wanted).ToString());
    }

    /// <summary>Seals a key into the cookie of an answer.</summary>
    public void Begin(HttpContext http, string key) =>
        Cookies.AppendResponseCookie(http, CookieName, _protector.Protect(key, Lifetime), CookieOptionsFor(http));

    /// <summary>Takes the cookie back.</summary>
    public static void End(HttpContext http) => Cookies.DeleteCookie(http, CookieName, CookieOptionsFor(http));

    /// <summary>The key of the cookie; null: there is none, or it is too old, or not of this host.</summary>
    public string? KeyOf(HttpContext http)
    {
        try
        {
            return Cookies.GetRequestCookie(http, CookieName) is { Length: > 0 } sealedKey ? _protector.Unprotect(sealedKey) : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static CookieOptions CookieOptionsFor(HttpContext http) => new()
    {
        HttpOnly = true,
        IsEssential = true,
        SameSite = SameSiteMode.Strict,
        Secure = http.Request.IsHttps,
        Path = "/",
    };
}
