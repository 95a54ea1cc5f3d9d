using MedGen.Application.Cluster;
using MedGen.Cluster.Connections;
using NATS.Client.ObjectStore;

namespace MedGen.Cluster.Files;

/// <summary>Contents of artifacts in a JetStream object store, streamed both ways; its SHA-256 is compared by the client.</summary>
internal sealed class ObjectContents(ClusterServers servers) : ISharedContents
{
    public const string Bucket = "medgen-contents";

    public bool IsShared => true;

    public string Place => "nats";

    public Task PutAsync(string artifactId, string path, CancellationToken cancellationToken) => servers.WithBucketAsync(
        Bucket,
        async (store, stop) =>
        {
            FileStream content = File.OpenRead(path);
            await using (content.ConfigureAwait(false))
            {
                return await store.PutAsync(artifactId, content, leaveOpen: true, stop).ConfigureAwait(false);
            }
        },
        ClusterServers.Patience,
        cancellationToken);

    public Task<bool> TryGetAsync(string artifactId, string path, CancellationToken cancellationToken) => servers.WithBucketAsync(
        Bucket,
        async (store, stop) =>
        {
            FileStream content = NewFile.Create(path);
            await using (content.ConfigureAwait(false))
            {
                try
                {
                    await store.GetAsync(artifactId, content, leaveOpen: true, stop).ConfigureAwait(false);
                    return true;
                }
                catch (NatsObjNotFoundException)
                {
                    return false;
                }
            }
        },
        ClusterServers.Patience,
        cancellationToken);

    public Task DeleteAsync(string artifactId, CancellationToken cancellationToken) => servers.WithBucketAsync(
        Bucket, (store, stop) => DeleteAsync(store, artifactId, stop), TimeSpan.Zero, cancellationToken);

    /// <summary>Deletes an object that may not be there.</summary>
    public static async Task<bool> DeleteAsync(INatsObjStore store, string name, CancellationToken cancellationToken)
    {
        try
        {
            await store.DeleteAsync(name, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (NatsObjNotFoundException)
        {
            return false;
        }
    }
}
