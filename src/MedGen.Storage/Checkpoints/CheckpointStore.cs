using MedGen.Application.Jobs;
using MedGen.Storage.Artifacts;

namespace MedGen.Storage.Checkpoints;

/// <summary>One file a job under <c>checkpoints/</c>, written beside the artifacts in the making and moved to its place when it is whole.</summary>
internal sealed class CheckpointStore(DataFolder folder, ContentFiles files) : ICheckpointStore
{
    private const string Extension = ".safetensors";

    public async Task SaveAsync(string jobId, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        string path = files.NewWorkFile(Extension);
        try
        {
            await ContentFiles.WriteAsync(path, content, cancellationToken).ConfigureAwait(false);
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
            return await File.ReadAllBytesAsync(PathOf(jobId), cancellationToken).ConfigureAwait(false);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    public void Delete(string jobId) => File.Delete(PathOf(jobId));

    // An id is 32 hex digits that the store itself made.
    private string PathOf(string jobId) => Path.Combine(folder.Checkpoints, jobId + Extension);
}
