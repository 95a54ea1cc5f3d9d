using MedGen.Application.Jobs;
using MedGen.Storage.Artifacts;
using MedGen.Storage.Database;

namespace MedGen.Storage.Checkpoints;

/// <summary>One file a job under <c>checkpoints/</c>, written beside the artifacts in the making and moved to its place when it is whole.</summary>
internal sealed class CheckpointStore(DataFolder folder, ContentFiles files, SqliteDatabase database) : ICheckpointStore
{
    private const string Extension = ".safetensors";

    public async Task SaveAsync(string jobId, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        string path = files.NewWorkFile(Extension);
        try
        {
            await ContentFiles.WriteAsync(path, content, cancellationToken);
            File.Move(path, PathOf(jobId), overwrite: true);
        }
        finally
        {
            File.Delete(path);
        }
    }

    public async Task<ReadOnlyMemory<byte>?> FindAsync(string jobId, CancellationToken cancellationToken)
    {
        try
        {
            return await File.ReadAllBytesAsync(PathOf(jobId), cancellationToken);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    public void Delete(string jobId) => File.Delete(PathOf(jobId));

    /// <summary>Deletes checkpoints of jobs that have ended or are gone: a crash came between a job's end and the deletion.</summary>
    /// <returns>Number of files deleted.</returns>
    public int Sweep()
    {
        HashSet<string> open = database.Read(session =>
            session.Query("SELECT id FROM jobs WHERE state IN ('Queued', 'Running')", row => row.GetString(0)).ToHashSet(StringComparer.Ordinal));
        List<string> orphans = [.. Directory.EnumerateFiles(folder.Checkpoints).Where(path => !open.Contains(Path.GetFileNameWithoutExtension(path)))];
        orphans.ForEach(File.Delete);
        return orphans.Count;
    }

    // An id is 32 hex digits that the store itself made.
    private string PathOf(string jobId) => Path.Combine(folder.Checkpoints, jobId + Extension);
}
