using System.Threading.Channels;

namespace MedGen.Application.Jobs;

/// <summary>Wakes one waiter. A wake-up that comes while it is busy is kept; several count as one.</summary>
internal sealed class WakeUp
{
    private readonly Channel<bool> _calls = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Call() => _calls.Writer.TryWrite(true);

    /// <summary>Completes when somebody has called since the last time.</summary>
    public async Task CalledAsync(CancellationToken cancellationToken) => await _calls.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
}
