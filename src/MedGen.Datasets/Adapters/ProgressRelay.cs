using System.Threading.Channels;

namespace MedGen.Datasets.Adapters;

/// <summary>
/// Brings work that tells of itself from any thread together with a report that must be awaited. Of what is told while a report runs, the last is
/// kept.
/// </summary>
internal static class ProgressRelay
{
    /// <summary>Runs the work.</summary>
    /// <param name="work">The work.</param>
    /// <param name="report">Told how far it is.</param>
    /// <param name="cancellationToken">Stops both.</param>
    /// <returns>What the work gives. When a report fails, the work is stopped and the report's error thrown.</returns>
    public static async Task<TResult> RunAsync<TStatus, TResult>(
        Func<IProgress<TStatus>, CancellationToken, Task<TResult>> work, Func<TStatus, CancellationToken, Task> report,
        CancellationToken cancellationToken)
    {
        Channel<TStatus> told = Channel.CreateBounded<TStatus>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<TResult> working = WorkAsync();
        try
        {
            await foreach (TStatus status in told.Reader.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
            {
                await report(status, cancellationToken).ConfigureAwait(false);
            }
        }
        catch
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await ((Task)working).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        return await working.ConfigureAwait(false);

        async Task<TResult> WorkAsync()
        {
            try
            {
                return await work(new ToChannel<TStatus>(told.Writer), stop.Token).ConfigureAwait(false);
            }
            finally
            {
                told.Writer.Complete();
            }
        }
    }

    private sealed class ToChannel<T>(ChannelWriter<T> writer) : IProgress<T>
    {
        public void Report(T value) => writer.TryWrite(value);
    }
}
