namespace MedGen.Storage.Maintenance;

/// <summary>The contents of a backup in the making.</summary>
/// <param name="source">The data folder.</param>
/// <param name="target">The backup.</param>
internal sealed class ContentCopies(DataPaths source, DataPaths target)
{
    private readonly Dictionary<string, BackupFile> _copied = new(StringComparer.Ordinal);

    /// <summary>What could not be copied, with what is wrong with it.</summary>
    public List<(StoredContent Content, StoreFinding Finding)> NotCopied { get; } = [];

    public IEnumerable<BackupFile> Files => _copied.Values;

    /// <summary>Copies the contents that are not here yet; each is compared with its hash on the way.</summary>
    public async Task AddAsync(IReadOnlyList<StoredContent> contents, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        foreach ((int done, StoredContent content) in contents.Index())
        {
            if (!_copied.ContainsKey(content.Sha256) && await CopyAsync(content, cancellationToken).ConfigureAwait(false) is { } finding)
            {
                NotCopied.Add((content, finding));
            }

            progress?.Report((done + 1.0) / contents.Count);
        }
    }

    /// <summary>Deletes the copies of contents that were deleted while the backup was made.</summary>
    public void KeepOnly(IReadOnlyList<StoredContent> contents)
    {
        foreach (string sha256 in _copied.Keys.Except(contents.Select(content => content.Sha256)).ToList())
        {
            _copied.Remove(sha256);
            File.Delete(target.ContentFile(sha256));
        }
    }

    private async Task<StoreFinding?> CopyAsync(StoredContent content, CancellationToken cancellationToken)
    {
        string copy = target.ContentFile(content.Sha256);
        DataFolder.CreateFolder(Path.GetDirectoryName(copy)!);
        try
        {
            string original = source.ContentFile(content.Sha256);
            (long bytes, string sha256) = await HashedCopy.RunAsync(original, copy, cancellationToken).ConfigureAwait(false);
            if (sha256 == content.Sha256)
            {
                _copied.Add(sha256, new BackupFile(content.RelativePath, bytes, sha256));
                return null;
            }
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return StoreFinding.Missing(content);
        }

        File.Delete(copy);
        return StoreFinding.Damaged(content);
    }
}
