using System.Security.Claims;
using MedGen.Application.Access;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace MedGen.Host.Access;

/// <summary>How bearer tokens are judged: by the issuers of the access file in force, not by those of the start.</summary>
internal sealed class JwtOptions(AccessDirectory directory, TimeProvider time) : IConfigureNamedOptions<JwtBearerOptions>
{
    private static readonly HashSet<string> Algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    public void Configure(JwtBearerOptions options) => Configure(AccessSchemes.Jwt, options);

    public void Configure(string? name, JwtBearerOptions options)
    {
        options.MapInboundClaims = false;
        options.SaveToken = false;
        options.TokenValidationParameters = new TokenValidationParameters
        {
            RequireExpirationTime = true,
            RequireSignedTokens = true,
            IssuerValidator = (issuer, _, _) => Find(issuer)?.Issuer.Issuer
                ?? throw new SecurityTokenInvalidIssuerException("The issuer is not known."),
            AudienceValidator = (audiences, token, _) => Find(token.Issuer) is { } keys && audiences.Contains(keys.Issuer.Audience),
            LifetimeValidator = (from, to, token, _) => IsAlive(from, to, Find(token.Issuer)),

            // A key that is shared with the issuer would let whoever checks tokens make them.
            AlgorithmValidator = (algorithm, _, _, _) => Algorithms.Contains(algorithm),
            IssuerSigningKeyResolver = (_, token, keyId, _) => Find(token.Issuer)?.Find(keyId) ?? [],
        };
        options.Events = new JwtBearerEvents
        {
            OnMessageReceived = PrepareAsync,
            OnTokenValidated = NameAsync,
            OnAuthenticationFailed = context =>
            {
                context.Fail(context.Exception is SecurityTokenInvalidLifetimeException or SecurityTokenExpiredException
                    ? new RefusedCredentialsException("CREDENTIALS_EXPIRED", "The token of this call is not valid at this time.")
                    : RefusedCredentialsException.Unknown());
                return Task.CompletedTask;
            },
        };
    }

    private IssuerKeys? Find(string issuer) => directory.Rules?.Issuers.FirstOrDefault(keys => keys.Issuer.Issuer == issuer);

    private bool IsAlive(DateTime? notBefore, DateTime? expires, IssuerKeys? keys)
    {
        DateTime now = time.GetUtcNow().UtcDateTime;
        TimeSpan skew = TimeSpan.FromSeconds(keys?.Issuer.ClockSkewSeconds ?? 0);
        return expires is { } end && now - skew < end && !(notBefore is { } start && now + skew < start);
    }

    // Keys are fetched here, where one may wait for them; what the token says is not believed yet.
    private async Task PrepareAsync(MessageReceivedContext context)
    {
        context.Token = AccessSchemes.BearerOf(context.HttpContext);
        JsonWebToken stated;
        try
        {
            stated = new JsonWebToken(context.Token);
        }
        catch (Exception malformed) when (malformed is ArgumentException or SecurityTokenException)
        {
            context.Fail(RefusedCredentialsException.Unknown());
            return;
        }

        if (Find(stated.Issuer) is { } keys)
        {
            await keys.PrepareAsync(stated.Kid is { Length: > 0 } id ? id : null, context.HttpContext.RequestAborted).ConfigureAwait(false);
        }
    }

    private Task NameAsync(TokenValidatedContext context)
    {
        try
        {
            TokenIssuer issuer = Find(context.SecurityToken.Issuer)?.Issuer ?? throw RefusedCredentialsException.Unknown();
            string subject = context.Principal?.FindFirstValue(issuer.SubjectClaim) ?? throw RefusedCredentialsException.Unknown();
            Caller caller = directory.Rules!.CallerOf($"{issuer.Name}:{subject}", issuer, context.Principal.Claims);
            context.Principal = new ClaimsPrincipal(new CallerIdentity(caller, AccessSchemes.Jwt));
        }
        catch (RefusedCredentialsException refusal)
        {
            context.Fail(refusal);
        }

        return Task.CompletedTask;
    }
}
