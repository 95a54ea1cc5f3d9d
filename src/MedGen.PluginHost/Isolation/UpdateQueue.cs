using System.Threading.Channels;
using MedGen.Sdk.Analysis;

namespace MedGen.PluginHost.Isolation;

/// <summary>Updates on their way from a worker to who asked. When it is full the worker waits, so that a flood fills no memory.</summary>
internal sealed class UpdateQueue
{
    private readonly Channel<AnalysisUpdate> _updates = Channel.CreateBounded<AnalysisUpdate>(new BoundedChannelOptions(256) { SingleReader = true });

    public IAsyncEnumerable<AnalysisUpdate> ReadAllAsync(CancellationToken cancellationToken) => _updates.Reader.ReadAllAsync(cancellationToken);

    /// <summary>Adds an update, unless nobody wants any.</summary>
    public async Task AddAsync(AnalysisUpdate update, CancellationToken cancellationToken)
    {
        try
        {
            await _updates.Writer.WriteAsync(update, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is ChannelClosedException or OperationCanceledException)
        {
            // The call is over, or its caller has left.
        }
    }

    /// <summary>There will be no more.</summary>
    public void End() => _updates.Writer.TryComplete();

    /// <summary>Nobody reads any more: what comes from now on is dropped.</summary>
    public void Drop()
    {
        End();
        while (_updates.Reader.TryRead(out _))
        {
        }
    }
}
