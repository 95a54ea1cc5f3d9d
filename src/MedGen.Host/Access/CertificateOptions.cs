using System.Security.Claims;
using System.Security.Cryptography.X509Certificates;
using MedGen.Application.Access;
using Microsoft.AspNetCore.Authentication.Certificate;
using Microsoft.Extensions.Options;

namespace MedGen.Host.Access;

/// <summary>How client certificates are judged: by the authorities of the access file in force.</summary>
internal sealed class CertificateOptions(AccessDirectory directory) : IConfigureNamedOptions<CertificateAuthenticationOptions>
{
    public void Configure(CertificateAuthenticationOptions options) => Configure(AccessSchemes.Certificate, options);

    public void Configure(string? name, CertificateAuthenticationOptions options)
    {
        options.AllowedCertificateTypes = CertificateTypes.Chained;
        options.ChainTrustValidationMode = X509ChainTrustMode.CustomRootTrust;
        options.CustomTrustStore = directory.Rules?.Trusted ?? [];

        // Callers show their own certificate only; the way from it to the root is known here.
        options.AdditionalChainCertificates = options.CustomTrustStore;

        // Authorities within a hospital seldom publish lists that this machine can reach: the access file names those that somebody has brought.
        options.RevocationMode = X509RevocationMode.NoCheck;
        options.Events = new CertificateAuthenticationEvents { OnCertificateValidated = NameAsync, OnAuthenticationFailed = FailAsync };
    }

    private static Task FailAsync(CertificateAuthenticationFailedContext context)
    {
        context.Fail(RefusedCredentialsException.Unknown());
        return Task.CompletedTask;
    }

    private Task NameAsync(CertificateValidatedContext context)
    {
        try
        {
            AccessRules rules = directory.Rules ?? throw RefusedCredentialsException.Unknown();
            rules.RequireNotRevoked(context.ClientCertificate);
            string subject = context.ClientCertificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false);
            Caller caller = rules.CallerOf($"certificate:{subject}", null, []);
            context.Principal = new ClaimsPrincipal(new CallerIdentity(caller, AccessSchemes.Certificate));
            context.Success();
        }
        catch (RefusedCredentialsException refusal)
        {
            context.Fail(refusal);
        }

        return Task.CompletedTask;
    }
}
