using MedGen.Application.Access;
using Microsoft.AspNetCore.Authentication.Certificate;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace MedGen.Host.Access;

/// <summary>Who may call, and what they may do: the files that the options name, as they are now.</summary>
internal sealed class AccessDirectory : IAccessPolicies
{
    private readonly WatchedFile<ApiKeyFile>? _keys;
    private readonly WatchedFile<AccessRules>? _rules;
    private readonly IOptionsMonitorCache<CertificateAuthenticationOptions> _certificateOptions;
    private readonly Lock _lock = new();
    private object? _trusted;

    /// <exception cref="MedGen.Sdk.Errors.FailedPreconditionException">A file cannot be used; the message says why.</exception>
    public AccessDirectory(
        MedGenHostOptions options,
        IOptionsMonitorCache<CertificateAuthenticationOptions> certificateOptions,
        TimeProvider time,
        ILogger<AccessDirectory> logger)
    {
        _certificateOptions = certificateOptions;
        _keys = options.TokenFile is { } keys
            ? new WatchedFile<ApiKeyFile>(keys, "TOKEN_FILE", content => ApiKeyFile.Parse(content), logger)
            : null;
        _rules = options.AccessFile is { } file
            ? new WatchedFile<AccessRules>(
                file, "ACCESS_FILE", content => AccessRules.Parse(content, Path.GetDirectoryName(Path.GetFullPath(file))!, time, logger), logger)
            : null;
    }

    /// <summary>Reads the files that the options name, to see whether they can be used.</summary>
    /// <exception cref="MedGen.Sdk.Errors.FailedPreconditionException">One cannot; the message says why.</exception>
    public static void Check(MedGenHostOptions options) => _ = new AccessDirectory(
        options, new OptionsCache<CertificateAuthenticationOptions>(), TimeProvider.System, NullLogger<AccessDirectory>.Instance);

    /// <summary>Whether callers must say who they are; without, whoever is on this machine runs the platform.</summary>
    public bool AsksForCredentials => _keys is not null || _rules is not null;

    public AccessPolicy Current => Rules?.Policy ?? AccessPolicy.Default;

    /// <summary>Holders of API keys; null: there are none.</summary>
    public ApiKeyFile? Keys => _keys?.Current;

    /// <summary>The access file in force; null: there is none.</summary>
    public AccessRules? Rules
    {
        get
        {
            AccessRules? rules = _rules?.Current;
            ForgetCertificateOptions(rules?.Trusted);
            return rules;
        }
    }

    // The framework keeps options once made; another list of authorities needs other ones.
    private void ForgetCertificateOptions(object? trusted)
    {
        lock (_lock)
        {
            if (!ReferenceEquals(trusted, _trusted))
            {
                _trusted = trusted;
                _certificateOptions.Clear();
            }
        }
    }
}
