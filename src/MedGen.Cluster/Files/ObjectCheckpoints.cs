using System.Threading.Channels;
using MedGen.Application.Jobs;
using MedGen.Cluster.Connections;
using MedGen.Sdk.Errors;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NATS.Client.ObjectStore;

namespace MedGen.Cluster.Files;

/// <summary>
/// Checkpoints in a JetStream object store, so that any host can go on. A newer one replaces the one before when it is whole. Those of jobs that have
/// ended are deleted in the background, and once more by a look at all of them every ten minutes, for the host that had to may be dead.
/// </summary>
internal sealed class ObjectCheckpoints(ClusterServers servers, IJobStore jobs, TimeProvider time, ILogger<ObjectCheckpoints> logger)
    : BackgroundService, ICheckpointStore
{
    public const string Bucket = "medgen-checkpoints";

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    private readonly Channel<string> _ended = Channel.CreateUnbounded<string>(new UnboundedChannelOptions { SingleReader = true });

    public Task SaveAsync(string jobId, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => servers.WithBucketAsync(
        Bucket,
        async (store, stop) =>
        {
            MemoryStream stream = new(content.ToArray(), writable: false);
            await using (stream.ConfigureAwait(false))
            {
                return await store.PutAsync(jobId, stream, leaveOpen: true, stop).ConfigureAwait(false);
            }
        },
        TimeSpan.Zero, // the job goes on without it
        cancellationToken);

    // One that is replaced while it is read does not arrive whole, and is read again.
    public Task<ReadOnlyMemory<byte>?> FindAsync(string jobId, CancellationToken cancellationToken) =>
        servers.WithBucketAsync<ReadOnlyMemory<byte>?>(
            Bucket,
            async (store, stop) =>
            {
                try
                {
                    return await store.GetBytesAsync(jobId, stop).ConfigureAwait(false);
                }
                catch (NatsObjNotFoundException)
                {
                    return null;
                }
            },
            ClusterServers.Patience,
            cancellationToken);

    public void Delete(string jobId) => _ended.Writer.TryWrite(jobId);

    /// <summary>Deletes the checkpoints of jobs that have ended or are gone.</summary>
    public Task<int> SweepAsync(CancellationToken cancellationToken) => servers.WithBucketAsync(
        Bucket,
        async (store, stop) =>
        {
            List<string> names = [];
            await foreach (NATS.Client.ObjectStore.Models.ObjectMetadata item in store.ListAsync(cancellationToken: stop).ConfigureAwait(false))
            {
                names.Add(item.Name);
            }

            int deleted = 0;
            foreach (string name in names)
            {
                if (await jobs.FindAsync(name, stop).ConfigureAwait(false) is null or { HasEnded: true })
                {
                    await ObjectContents.DeleteAsync(store, name, stop).ConfigureAwait(false);
                    deleted++;
                }
            }

            return deleted;
        },
        TimeSpan.Zero,
        cancellationToken);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(Interval, time);
        Task<bool> tick = timer.WaitForNextTickAsync(stoppingToken).AsTask();
        while (!stoppingToken.IsCancellationRequested)
        {
            Task<bool> ended = _ended.Reader.WaitToReadAsync(stoppingToken).AsTask();
            await Task.WhenAny(tick, ended).ConfigureAwait(false);
            stoppingToken.ThrowIfCancellationRequested();
            try
            {
                while (_ended.Reader.TryRead(out string? jobId))
                {
                    await servers.WithBucketAsync(
                        Bucket, (store, stop) => ObjectContents.DeleteAsync(store, jobId, stop), TimeSpan.Zero, stoppingToken).ConfigureAwait(false);
                }

                if (tick.IsCompleted)
                {
                    tick = timer.WaitForNextTickAsync(stoppingToken).AsTask();
                    await SweepAsync(stoppingToken).ConfigureAwait(false);
                }
            }
            catch (ResourceExhaustedException exception)
            {
                // The next sweep finds what is left.
                Log.CheckpointsHeld(logger, exception.Reason);
            }
        }
    }
}
