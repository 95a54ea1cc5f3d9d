using MedGen.Application.Cluster;
using MedGen.Application.Signing;
using MedGen.Sdk.Errors;
using MedGen.Storage.Database;
using MedGen.Storage.Disks;
using MedGen.Storage.Maintenance;
using MedGen.Storage.Opening;
using MedGen.Storage.Signing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MedGen.Storage;

/// <summary>
/// Opens the storage before anything else of the host starts, whatever the order of registration: a folder that cannot be used ends the start and
/// not the first request, and the sweep meets no file that a running job or an upload is just about to record.
/// </summary>
internal sealed class StorageStart(
    DataFolder folder, StoreDatabase database, StartCheck check, StoreSpace space, IHostKey key, ISharedContents shared, ILogger<StorageStart> logger)
    : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        Log.StorageOpened(logger, folder.Id, folder.IsReadOnly ? 0 : Sweep());
        if (folder.IsOfCluster)
        {
            await RequireKeyAsync(cancellationToken).ConfigureAwait(false);
            await RequirePlaceAsync(cancellationToken).ConfigureAwait(false);
        }

        check.Run();
        space.KeepReserve();
    }

    /// <summary>Deletes what a crash has left.</summary>
    /// <returns>Number of files and folders deleted.</returns>
    public int Sweep()
    {
        Leftovers found = Leftovers.Find(folder, database.Read(StoredRecords.Read));

        // A host of a cluster has copies only: what was deleted while it was away is deleted here, too.
        IReadOnlyList<string> leftovers = folder.IsOfCluster ? [.. found.OfACrash, .. found.WithoutRecord] : found.OfACrash;
        foreach (string path in leftovers)
        {
            if (Directory.Exists(path))
            {
                Directory.Delete(path, recursive: true);
            }
            else
            {
                File.Delete(path);
            }
        }

        return leftovers.Count;
    }

    // What one host signs, every other one has to verify.
    private async Task RequireKeyAsync(CancellationToken cancellationToken)
    {
        string known = await AgreeAsync("cluster-key", key.Id, _ => null, cancellationToken).ConfigureAwait(false);
        if (known != key.Id)
        {
            throw new FailedPreconditionException(
                "CLUSTER_KEY_OTHER",
                $"The hosts of this cluster sign with the key {known[..16]}…, and '{Path.Combine(folder.Root, HostKey.FileName)}' is another one. "
                    + "Put a copy of the cluster's key there, readable for this user only, and start again.");
        }
    }

    // What one host stores, every other one has to find. Before there was a choice, contents were at the NATS servers.
    private async Task RequirePlaceAsync(CancellationToken cancellationToken)
    {
        string known = await AgreeAsync(
            "cluster-files", shared.Place, session => session.Scalar<long>("SELECT count(*) FROM artifacts") > 0 ? "nats" : null, cancellationToken)
            .ConfigureAwait(false);
        if (known != shared.Place)
        {
            throw new FailedPreconditionException(
                "CLUSTER_FILES_OTHER",
                $"The files of this cluster are at '{known}', and cluster.files of this host names '{shared.Place}'. Nothing moves them by itself.");
        }
    }

    // The first host of a cluster says what counts for all.
    private Task<string> AgreeAsync(string fact, string own, Func<StoreSession, string?> before, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
            {
                string? known = Facts.Find<string>(session, fact);
                if (known is null)
                {
                    known = before(session) ?? own;
                    Facts.Write(session, fact, known);
                }

                return known;
            },
            cancellationToken);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
