using MedGen.Storage.Database;
using MedGen.Storage.Disks;
using MedGen.Storage.Maintenance;
using MedGen.Storage.Opening;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MedGen.Storage;

/// <summary>
/// Opens the storage before anything else of the host starts, whatever the order of registration: a folder that cannot be used ends the start and
/// not the first request, and the sweep meets no file that a running job or an upload is just about to record.
/// </summary>
internal sealed class StorageStart(DataFolder folder, StoreDatabase database, StartCheck check, StoreSpace space, ILogger<StorageStart> logger)
    : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        Log.StorageOpened(logger, folder.Id, folder.IsReadOnly ? 0 : Sweep());
        check.Run();
        space.KeepReserve();
        return Task.CompletedTask;
    }

    /// <summary>Deletes what a crash has left.</summary>
    /// <returns>Number of files and folders deleted.</returns>
    public int Sweep()
    {
        IReadOnlyList<string> leftovers = Leftovers.Find(folder, database.Read(StoredRecords.Read)).OfACrash;
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

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
