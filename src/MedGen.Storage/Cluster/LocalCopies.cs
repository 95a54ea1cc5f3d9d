using MedGen.Application.Cluster;
using MedGen.Storage.Artifacts;
using MedGen.Storage.Database;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MedGen.Storage.Cluster;

/// <summary>
/// Keeps the copies of shared contents within <see cref="MedGenStorageOptions.MaxCopiesBytes"/>. Those go that were not used for longest; what a job
/// of this host reads never goes, nor what was opened within the last minute. When a content was used last is the access time of its file, so that
/// it outlives the process.
/// </summary>
internal sealed class LocalCopies(
    StoreDatabase database, DataFolder folder, ISharedContents shared, IOptions<MedGenStorageOptions> options, TimeProvider time,
    ILogger<LocalCopies> logger)
{
    // Whoever gets a path opens it at once; a file that is open stays readable.
    private static readonly TimeSpan InHand = TimeSpan.FromMinutes(1);
    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _used = new(StringComparer.Ordinal);

    private bool IsLimited => shared.IsShared && options.Value.MaxCopiesBytes > 0;

    /// <summary>Notes that a content is wanted: from now on it stays for a while.</summary>
    public void Use(string sha256)
    {
        if (!IsLimited)
        {
            return;
        }

        lock (_gate)
        {
            _used[sha256] = time.GetTimestamp();
        }

        try
        {
            File.SetLastAccessTimeUtc(folder.ContentFile(sha256), time.GetUtcNow().UtcDateTime);
        }
        catch (IOException)
        {
            // It is not there yet, and new when it is.
        }
    }

    /// <summary>Deletes what is too much.</summary>
    /// <returns>Number of deleted files.</returns>
    public int Trim()
    {
        if (!IsLimited)
        {
            return 0;
        }

        (string Sha256, long Size, DateTime Used)[] copies =
        [
            .. new DirectoryInfo(folder.Artifacts).EnumerateFiles("*", SearchOption.AllDirectories).Where(file => ContentFiles.IsHash(file.Name))
                .Select(file => (file.Name, file.Exists ? file.Length : 0, file.LastAccessTimeUtc)).OrderBy(copy => copy.LastAccessTimeUtc),
        ];
        long excess = copies.Sum(copy => copy.Size) - options.Value.MaxCopiesBytes;
        if (excess <= 0)
        {
            return 0;
        }

        lock (_gate)
        {
            foreach (string old in _used.Where(one => time.GetElapsedTime(one.Value) >= InHand).Select(one => one.Key).ToArray())
            {
                _used.Remove(old);
            }
        }

        HashSet<string> needed = database.Read(NeededHere);
        int deleted = 0;
        foreach ((string sha256, long size, _) in copies.Where(copy => !needed.Contains(copy.Sha256)).TakeWhile(_ => excess > 0))
        {
            if (TryDelete(sha256))
            {
                excess -= size;
                deleted++;
            }
        }

        Log.CopiesTrimmed(logger, deleted, Math.Max(0, excess));
        return deleted;
    }

    private bool TryDelete(string sha256)
    {
        lock (_gate)
        {
            if (_used.ContainsKey(sha256))
            {
                return false;
            }

            File.Delete(folder.ContentFile(sha256));
            return true;
        }
    }

    // Also what the next jobs of this host would read, as far as they are claimed.
    private HashSet<string> NeededHere(StoreSession session) =>
    [
        .. session.Query(
            """
            SELECT artifacts.sha256 FROM facts JOIN job_inputs ON facts.name = 'claim:' || job_inputs.job_id
            JOIN artifacts ON artifacts.id = job_inputs.artifact_id WHERE facts.document = @host
            """,
            row => row.GetString(0),
            ("@host", StoredJson.Of(options.Value.ClusterHost))),
    ];
}
