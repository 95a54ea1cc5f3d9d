using MedGen.Application.Access;
using MedGen.Sdk.Errors;

namespace MedGen.Host.Access;

/// <summary>A call in flight: what its caller showed, and whether that is still good.</summary>
internal sealed class OpenCall : IDisposable
{
    private readonly Lock _lock = new();
    private readonly HttpContext _http;
    private readonly CancellationToken _aborted;
    private readonly CancellationTokenSource _ended;
    private bool _isOver;

    /// <summary>From here on the request's token is also cancelled when the call is ended.</summary>
    public OpenCall(HttpContext http, CallerIdentity identity)
    {
        (_http, _aborted) = (http, http.RequestAborted);
        Caller = identity.Caller with { Address = AccessAudit.AddressOf(http) };
        Credentials = Credentials.Of(http);
        Endpoint = http.GetEndpoint();
        _ended = CancellationTokenSource.CreateLinkedTokenSource(_aborted);
        http.RequestAborted = _ended.Token;
        http.Features.Set(this);
    }

    public Caller Caller { get; }

    public Credentials Credentials { get; }

    public Endpoint? Endpoint { get; }

    /// <summary>Why the call is over for its caller; null: it is not.</summary>
    public MedGenException? Refusal { get; private set; }

    /// <summary>Why a call is over for its caller; null: it is not, or nobody watches it.</summary>
    public static MedGenException? RefusalOf(HttpContext http) => http.Features.Get<OpenCall>()?.Refusal;

    /// <summary>Ends the call with an error.</summary>
    /// <returns>Whether it was still open.</returns>
    public async Task<bool> EndAsync(MedGenException refusal)
    {
        Task ending;
        lock (_lock)
        {
            if (_isOver)
            {
                return false;
            }

            Refusal = refusal;
            ending = _ended.CancelAsync();
        }

        await ending.ConfigureAwait(false);
        return true;
    }

    /// <summary>Breaks the connection of a call that was ended and goes on all the same, because its caller does not read.</summary>
    public void Abort()
    {
        // The server uses the context of a call that is over for the next one.
        lock (_lock)
        {
            if (!_isOver)
            {
                _http.Abort();
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isOver = true;
            _http.RequestAborted = _aborted;
        }

        _ended.Dispose();
    }
}
