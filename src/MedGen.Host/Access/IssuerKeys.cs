using System.Diagnostics.CodeAnalysis;
using System.Text;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace MedGen.Host.Access;

/// <summary>
/// The public keys of an issuer: from a file, or from where its discovery document says. A token with a key that is not known yet asks for them
/// again, so that an issuer may change its keys; not more often than every ten seconds, whatever tokens come.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore whose handle nobody asks for holds nothing to give back.")]
internal sealed class IssuerKeys
{
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(10);
    private static readonly HttpClient Http = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = TimeSpan.FromSeconds(10) };

    private readonly WatchedFile<JsonWebKeySet>? _file;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _fetch = new(1);
    private IReadOnlyList<SecurityKey> _keys = [];
    private long? _asked;

    public IssuerKeys(TokenIssuer issuer, string folder, TimeProvider time, ILogger logger)
    {
        (Issuer, _time, _logger) = (issuer, time, logger);
        _file = issuer.KeysFile is { } file
            ? new WatchedFile<JsonWebKeySet>(
                Path.Combine(folder, file), "ACCESS_FILE", content => new JsonWebKeySet(Encoding.UTF8.GetString(content)), logger)
            : null;
    }

    public TokenIssuer Issuer { get; }

    /// <summary>The keys that are known now and have an id, or all where no id is stated.</summary>
    public IEnumerable<SecurityKey> Find(string? keyId) =>
        (_file is null ? _keys : [.. _file.Current.GetSigningKeys()]).Where(key => keyId is null || key.KeyId == keyId);

    /// <summary>Asks the issuer for its keys where that may help.</summary>
    public async Task PrepareAsync(string? keyId, CancellationToken cancellationToken)
    {
        if (_file is not null || !IsDue(keyId))
        {
            return;
        }

        await _fetch.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (IsDue(keyId))
            {
                _asked = _time.GetTimestamp();
                await FetchAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            _fetch.Release();
        }
    }

    private bool IsDue(string? keyId)
    {
        TimeSpan age = _asked is { } asked ? _time.GetElapsedTime(asked) : TimeSpan.MaxValue;
        return age >= Longest || (age >= Shortest && !Find(keyId).Any());
    }

    private async Task FetchAsync(CancellationToken cancellationToken)
    {
        string address = Issuer.Issuer.TrimEnd('/') + "/.well-known/openid-configuration";
        HttpDocumentRetriever documents = new(Http) { RequireHttps = !new Uri(address).IsLoopback };
        try
        {
            OpenIdConnectConfiguration found = await OpenIdConnectConfigurationRetriever.GetAsync(address, documents, cancellationToken)
                .ConfigureAwait(false);
            _keys = found.Issuer == Issuer.Issuer
                ? [.. found.SigningKeys]
                : throw new InvalidOperationException("the discovery document is another issuer's");
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            // The keys of before stay good; without any, tokens of this issuer are refused.
            _logger.IssuerUnreachable(Issuer.Name, error.GetType().Name);
        }
    }
}
