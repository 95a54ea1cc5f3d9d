using System.Collections.Concurrent;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace MedGen.Host.Tests.Access;

/// <summary>A small OpenID Connect issuer over loopback: a discovery document, its keys, and tokens as anybody asks for them.</summary>
internal sealed class TestIssuer : IAsyncDisposable
{
    public const string Audience = "medgen";

    private readonly WebApplication _application;
    private ECDsaSecurityKey _key = NewKey();

    private TestIssuer(WebApplication application) => _application = application;

    public string Url => _application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    public string KeysJson => JsonSerializer.Serialize(new { keys = new[] { PublicKey(_key) } });

    public static async Task<TestIssuer> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        WebApplication application = builder.Build();
        TestIssuer issuer = new(application);
        application.MapGet("/.well-known/openid-configuration", () => Results.Json(new
        {
            issuer = issuer.Url, jwks_uri = issuer.Url + "/keys", authorization_endpoint = issuer.Url + "/authorize", token_endpoint = issuer.Url + "/token",
        }));
        application.MapGet("/authorize", (HttpContext http) => issuer.Authorize(http.Request.Query));
        application.MapPost("/token", async (HttpRequest request) => issuer.Exchange(await request.ReadFormAsync()));
        application.MapGet("/keys", () => Results.Text(issuer.KeysJson, "application/json"));
        await application.StartAsync(RunningHost.Token);
        return issuer;
    }

    /// <summary>Who signs in at its page, without being asked; null: the visitor turns back.</summary>
    public string? Visitor { get; set; } = "ann";

    /// <summary>Another nonce than the one that was asked for; null: that one.</summary>
    public string? ForgedNonce { get; set; }

    /// <summary>From now on another key signs, and the old one is not published any more.</summary>
    public void Rotate() => _key = NewKey();

    public string Token(
        string subject,
        DateTimeOffset? now = null,
        string? audience = null,
        string? issuer = null,
        TimeSpan? life = null,
        SigningCredentials? credentials = null,
        params (string Type, string Value)[] claims)
    {
        DateTimeOffset from = now ?? DateTimeOffset.UtcNow;
        SecurityTokenDescriptor descriptor = new()
        {
            Issuer = issuer ?? Url,
            Audience = audience ?? Audience,
            Subject = new ClaimsIdentity([new Claim("sub", subject), .. claims.Select(claim => new Claim(claim.Type, claim.Value))]),
            NotBefore = from.UtcDateTime,
            Expires = (from + (life ?? TimeSpan.FromMinutes(10))).UtcDateTime,
            IssuedAt = from.UtcDateTime,
            SigningCredentials = credentials ?? new SigningCredentials(_key, SecurityAlgorithms.EcdsaSha256),
        };
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(descriptor);
    }

    private readonly ConcurrentDictionary<string, IQueryCollection> _codes = new();

    private IResult Authorize(IQueryCollection asked)
    {
        string code = Guid.NewGuid().ToString("N");
        _codes[code] = asked;
        Dictionary<string, string?> answer = new() { ["state"] = asked["state"], [Visitor is null ? "error" : "code"] = Visitor is null ? "access_denied" : code };
        return Results.Redirect(QueryHelpers.AddQueryString(asked["redirect_uri"]!, answer));
    }

    // A code is good once, for the client and the address that asked for it, and for whoever knows the verifier.
    private IResult Exchange(IFormCollection form)
    {
        string challenge = Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString())));
        bool isGood = _codes.TryRemove(form["code"].ToString(), out IQueryCollection? asked) && asked["code_challenge"] == challenge
            && asked["code_challenge_method"] == "S256" && asked["client_id"] == form["client_id"] && asked["redirect_uri"] == form["redirect_uri"];
        return !isGood ? Results.BadRequest() : Results.Json(new
        {
            access_token = Token(Visitor!),
            id_token = Token(Visitor!, audience: asked!["client_id"], claims: ("nonce", ForgedNonce ?? asked["nonce"].ToString())),
        });
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private static ECDsaSecurityKey NewKey() => new(ECDsa.Create(ECCurve.NamedCurves.nistP256)) { KeyId = Guid.NewGuid().ToString("N") };

    private static Dictionary<string, string> PublicKey(ECDsaSecurityKey key)
    {
        ECParameters parameters = key.ECDsa.ExportParameters(includePrivateParameters: false);
        return new()
        {
            ["kty"] = "EC", ["crv"] = "P-256", ["use"] = "sig", ["alg"] = "ES256", ["kid"] = key.KeyId,
            ["x"] = Base64UrlEncoder.Encode(parameters.Q.X), ["y"] = Base64UrlEncoder.Encode(parameters.Q.Y),
        };
    }
}
