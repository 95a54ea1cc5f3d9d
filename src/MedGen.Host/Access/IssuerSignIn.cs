using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MedGen.Application.Access;
using MedGen.Sdk.Errors;
using MedGen.WebConsole;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace MedGen.Host.Access;

/// <summary>
/// Signs a browser in by an issuer's own page: OpenID Connect's authorization code flow with PKCE (RFC 7636). What comes back is a token such as any
/// other caller of that issuer shows, and is judged as one.
/// </summary>
internal sealed class IssuerSignIn(
    AccessDirectory directory, CredentialJudge judge, ConsoleSession session, AccessAudit audit, IDataProtectionProvider protection)
{
    /// <summary>Where the issuer sends the browser back to.</summary>
    public const string BackPath = ConsolePaths.SignIn + "/back";

    private const string CookieName = "medgen-console-issuer";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private static readonly HttpClient Http =
        new(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = TimeSpan.FromSeconds(10), MaxResponseContentBufferSize = 1 << 20 };

    private readonly ITimeLimitedDataProtector _protector = protection.CreateProtector("MedGen.Console.Issuer").ToTimeLimitedDataProtector();

    /// <summary>Sends the browser to the issuer.</summary>
    /// <exception cref="ResourceNotFoundException">No issuer of that name has a page to sign in at.</exception>
    public async Task<IResult> BeginAsync(HttpContext http, string name, string? back)
    {
        TokenIssuer issuer = Find(name);
        OpenIdConnectConfiguration found;
        try
        {
            found = await DiscoverAsync(issuer, http.RequestAborted).ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or HttpRequestException or InvalidOperationException)
        {
            return await RefuseAsync(http, "ISSUER_UNREACHABLE").ConfigureAwait(false);
        }

        Journey journey = new(name, NewSecret(), NewSecret(), NewSecret(), back);
        http.Response.Cookies.Append(CookieName, _protector.Protect(JsonSerializer.Serialize(journey), Patience), CookieOptionsFor(http));
        return Results.Redirect(QueryHelpers.AddQueryString(found.AuthorizationEndpoint, new Dictionary<string, string?>
        {
            ["response_type"] = "code",
            ["response_mode"] = "query",
            ["client_id"] = issuer.Console!.ClientId,
            ["redirect_uri"] = BackAddress(http),
            ["scope"] = string.Join(' ', issuer.Console.Scopes),
            ["state"] = journey.State,
            ["nonce"] = journey.Nonce,
            ["code_challenge"] = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(journey.Verifier))),
            ["code_challenge_method"] = "S256",
        }));
    }

    /// <summary>Takes the browser back from the issuer, and begins its session.</summary>
    public async Task<IResult> EndAsync(HttpContext http)
    {
        Journey? journey = Open(http);
        http.Response.Cookies.Delete(CookieName, CookieOptionsFor(http));
        IQueryCollection answer = http.Request.Query;
        if (journey is null || !Same(answer["state"].ToString(), journey.State))
        {
            return await RefuseAsync(http, "STATE_UNKNOWN").ConfigureAwait(false);
        }

        if (answer["code"].ToString() is not { Length: > 0 } code)
        {
            return await RefuseAsync(http, "ISSUER_REFUSED").ConfigureAwait(false);
        }

        try
        {
            TokenIssuer issuer = Find(journey.Issuer);
            JsonElement tokens = await ExchangeAsync(http, issuer, code, journey.Verifier).ConfigureAwait(false);
            RequireNonce(tokens, issuer, journey.Nonce);
            await BeginSessionAsync(http, tokens).ConfigureAwait(false);
        }
        catch (UnauthenticatedException)
        {
            return await RefuseAsync(http, "CREDENTIALS_UNKNOWN").ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or HttpRequestException or InvalidOperationException or JsonException or ArgumentException)
        {
            return await RefuseAsync(http, "ISSUER_UNREACHABLE").ConfigureAwait(false);
        }

        // A redirect that began at another site would not carry the strict cookie; a page of our own that goes on does.
        ConsolePaths.SetPageHeaders(http.Response);
        string next = ConsolePaths.IsOwn(journey.Back) ? journey.Back! : "/";
        return Results.Text(
            $"""
             <!DOCTYPE html><html lang="en"><title>Signed in</title>
             <meta http-equiv="refresh" content="0; url={System.Net.WebUtility.HtmlEncode(next)}">
             """,
            "text/html");
    }

    private static string BackAddress(HttpContext http) => $"{http.Request.Scheme}://{http.Request.Host}{BackPath}";

    private static string NewSecret() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    private static bool Same(string one, string other) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(one), Encoding.UTF8.GetBytes(other));

    private static async Task<OpenIdConnectConfiguration> DiscoverAsync(TokenIssuer issuer, CancellationToken cancellationToken)
    {
        string address = issuer.Issuer.TrimEnd('/') + "/.well-known/openid-configuration";
        HttpDocumentRetriever documents = new(Http) { RequireHttps = !new Uri(address).IsLoopback };
        OpenIdConnectConfiguration found = await OpenIdConnectConfigurationRetriever.GetAsync(address, documents, cancellationToken)
            .ConfigureAwait(false);
        bool isWhole = found.Issuer == issuer.Issuer && IsSafe(found.AuthorizationEndpoint) && IsSafe(found.TokenEndpoint);
        return isWhole ? found : throw new InvalidOperationException("The discovery document is another issuer's, or has no safe endpoints.");
    }

    private static bool IsSafe(string? address) =>
        Uri.TryCreate(address, UriKind.Absolute, out Uri? uri)
        && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback));

    private static async Task<JsonElement> ExchangeAsync(HttpContext http, TokenIssuer issuer, string code, string verifier)
    {
        OpenIdConnectConfiguration found = await DiscoverAsync(issuer, http.RequestAborted).ConfigureAwait(false);
        Dictionary<string, string> form = new()
        {
            ["grant_type"] = "authorization_code",
            ["code"] = code,
            ["redirect_uri"] = BackAddress(http),
            ["client_id"] = issuer.Console!.ClientId,
            ["code_verifier"] = verifier,
        };
        if (issuer.Console.SecretFile is { } secret)
        {
            form["client_secret"] = (await File.ReadAllTextAsync(secret, http.RequestAborted).ConfigureAwait(false)).Trim();
        }

        using FormUrlEncodedContent content = new(form);
        using HttpResponseMessage answer = await Http.PostAsync(new Uri(found.TokenEndpoint), content, http.RequestAborted).ConfigureAwait(false);
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadFromJsonAsync<JsonElement>(http.RequestAborted).ConfigureAwait(false);
    }

    // The token comes from the issuer itself over TLS, which proves where it is from (OpenID Connect Core 1.0, 3.1.3.7); that it belongs to this
    // browser's journey its nonce proves.
    private static void RequireNonce(JsonElement tokens, TokenIssuer issuer, string nonce)
    {
        JsonWebToken id = new(Text(tokens, "id_token") ?? throw new UnauthenticatedException("The issuer has sent no id_token."));
        bool isOurs = id.Issuer == issuer.Issuer && id.Audiences.Contains(issuer.Console!.ClientId)
            && id.TryGetPayloadValue("nonce", out string stated) && Same(stated, nonce);
        if (!isOurs)
        {
            throw new UnauthenticatedException("The issuer's id_token is not for this sign-in.");
        }
    }

    private static string? Text(JsonElement tokens, string name) =>
        tokens.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    // For this host is whichever token names it as audience.
    private async Task BeginSessionAsync(HttpContext http, JsonElement tokens)
    {
        foreach (string token in new[] { Text(tokens, "access_token"), Text(tokens, "id_token") }.OfType<string>())
        {
            try
            {
                (Caller caller, string scheme) = await judge.WhoAsync(new Credentials("Bearer " + token, null)).ConfigureAwait(false);
                await audit.SeenAsync(caller with { Address = AccessAudit.AddressOf(http) }, scheme).ConfigureAwait(false);
                session.Begin(http, token);
                return;
            }
            catch (UnauthenticatedException)
            {
                // The other one, perhaps.
            }
        }

        throw new UnauthenticatedException("Neither token of the issuer is for this host.");
    }

    private async Task<IResult> RefuseAsync(HttpContext http, string reason)
    {
        await audit.LoginFailedAsync(http, reason).ConfigureAwait(false);
        return Results.Redirect(QueryHelpers.AddQueryString(ConsolePaths.SignIn, "failed", reason));
    }

    private TokenIssuer Find(string name) => directory.Rules?.Issuers.Select(keys => keys.Issuer)
        .FirstOrDefault(issuer => issuer.Name == name && issuer.Console is not null) ?? throw new ResourceNotFoundException("issuer", name);

    private Journey? Open(HttpContext http)
    {
        try
        {
            return http.Request.Cookies[CookieName] is { Length: > 0 } cookie
                ? JsonSerializer.Deserialize<Journey>(_protector.Unprotect(cookie))
                : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    // Lax, unlike the session's: the issuer's page brings the browser back, and this cookie must come with it.
    private static CookieOptions CookieOptionsFor(HttpContext http) => new()
    {
        HttpOnly = true,
        IsEssential = true,
        SameSite = SameSiteMode.Lax,
        Secure = http.Request.IsHttps,
        Path = ConsolePaths.SignIn,
        MaxAge = Patience,
    };

    private sealed record Journey(string Issuer, string State, string Nonce, string Verifier, string? Back);
}
