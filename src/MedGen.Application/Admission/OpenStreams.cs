using MedGen.Sdk.Errors;
using Microsoft.Extensions.Options;

namespace MedGen.Application.Admission;

/// <summary>
/// Counts the streams that each caller holds open: a stream costs memory, and a live one a plugin's attention, for as long as its caller likes.
/// </summary>
internal sealed class OpenStreams(IOptions<MedGenApplicationOptions> options)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _open = new(StringComparer.Ordinal);

    /// <summary>Opens one; dispose the result when it ends.</summary>
    /// <exception cref="ResourceExhaustedException">The caller has as many as are allowed (<c>STREAMS_FULL</c>).</exception>
    public IDisposable Open(string caller)
    {
        int limit = options.Value.MaxStreamsPerCaller;
        lock (_lock)
        {
            int open = _open.GetValueOrDefault(caller);
            if (open >= limit)
            {
                throw new ResourceExhaustedException(
                    "STREAMS_FULL",
                    $"This caller watches, streams, uploads or downloads {open} times at once, and the limit is {limit}; end one first.",
                    options.Value.RetryAfter);
            }

            _open[caller] = open + 1;
        }

        return new OpenStream(this, caller);
    }

    private void Close(string caller)
    {
        lock (_lock)
        {
            if (--_open[caller] == 0)
            {
                _open.Remove(caller);
            }
        }
    }

    private sealed class OpenStream(OpenStreams streams, string caller) : IDisposable
    {
        public void Dispose() => streams.Close(caller);
    }
}
