using System.Runtime.CompilerServices;
using System.Text.Json;
using MedGen.Application.Cluster;
using MedGen.Cluster.Connections;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NATS.Client.Core;

namespace MedGen.Cluster.Hosts;

/// <summary>The hosts of a cluster, seen by somebody who is none of them.</summary>
public static class ClusterView
{
    /// <summary>Listens to the hosts' signs of life.</summary>
    /// <param name="options">Where the servers are, and how they let this process in.</param>
    /// <param name="time">How long; hosts tell five times in a lease.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The hosts, by name; empty: none was heard of.</returns>
    /// <exception cref="MedGen.Sdk.Errors.FailedPreconditionException">No server lets this process in (<c>CLUSTER_UNREACHABLE</c>).</exception>
    public static async Task<IReadOnlyList<PeerHost>> ReadAsync(ClusterOptions options, TimeSpan time, CancellationToken cancellationToken)
    {
        ClusterServers servers = await ConnectAsync(options, cancellationToken).ConfigureAwait(false);
        await using (servers.ConfigureAwait(false))
        {
            Dictionary<string, PeerHost> hosts = [];
            using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            end.CancelAfter(time);
            await foreach (PeerHost host in HearAsync(servers, end.Token).ConfigureAwait(false))
            {
                hosts[host.Id] = host;
            }

            cancellationToken.ThrowIfCancellationRequested();
            return [.. hosts.Values.OrderBy(host => host.Name, StringComparer.Ordinal)];
        }
    }

    /// <summary>Tells a host to begin no job any more, and waits until it has none.</summary>
    /// <param name="options">Where the servers are, and how they let this process in.</param>
    /// <param name="host">Its name or id.</param>
    /// <param name="told">Gets how many jobs it has left, as it tells.</param>
    /// <param name="cancellationToken">Ends the waiting; the host stays told.</param>
    /// <returns>Completes when the host drains and has no job.</returns>
    /// <exception cref="MedGen.Sdk.Errors.FailedPreconditionException">No server lets this process in (<c>CLUSTER_UNREACHABLE</c>).</exception>
    public static async Task DrainAsync(ClusterOptions options, string host, Action<int> told, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(told);
        ClusterServers servers = await ConnectAsync(options, cancellationToken).ConfigureAwait(false);
        await using (servers.ConfigureAwait(false))
        {
            byte[] name = System.Text.Encoding.UTF8.GetBytes(host);
            await servers.Connection.PublishAsync(ClusterSubjects.Drain, name, cancellationToken: cancellationToken).ConfigureAwait(false);
            await foreach (PeerHost one in HearAsync(servers, cancellationToken).ConfigureAwait(false))
            {
                if (one.Name != host && one.Id != host)
                {
                    continue;
                }

                if (!one.IsDraining)
                {
                    // It may have come back since.
                    await servers.Connection.PublishAsync(ClusterSubjects.Drain, name, cancellationToken: cancellationToken).ConfigureAwait(false);
                    continue;
                }

                told(one.Jobs);
                if (one.Jobs == 0)
                {
                    return;
                }
            }
        }

        cancellationToken.ThrowIfCancellationRequested();
    }

    private static async Task<ClusterServers> ConnectAsync(ClusterOptions options, CancellationToken cancellationToken)
    {
        ClusterServers servers = new(Options.Create(options), TimeProvider.System, NullLoggerFactory.Instance);
        try
        {
            await servers.ConnectAsync(cancellationToken).ConfigureAwait(false);
            return servers;
        }
        catch
        {
            await servers.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    // Ends when it is told to.
    private static async IAsyncEnumerable<PeerHost> HearAsync(ClusterServers servers, [EnumeratorCancellation] CancellationToken stop)
    {
        IAsyncEnumerator<NatsMsg<byte[]>> messages =
            servers.Connection.SubscribeAsync<byte[]>(ClusterSubjects.Hosts, cancellationToken: stop).GetAsyncEnumerator(stop);
        await using (messages.ConfigureAwait(false))
        {
            while (await MoveAsync(messages, stop).ConfigureAwait(false))
            {
                if (JsonSerializer.Deserialize<PeerHost>(messages.Current.Data, ClusterSubjects.Json) is { } host)
                {
                    yield return host;
                }
            }
        }
    }

    private static async Task<bool> MoveAsync(IAsyncEnumerator<NatsMsg<byte[]>> messages, CancellationToken stop)
    {
        try
        {
            return await messages.MoveNextAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return false;
        }
    }
}
