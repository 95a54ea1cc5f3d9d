using MedGen.Storage.Disks;

namespace MedGen.Storage.Tests.Disks;

/// <summary>A small disk that keeps its own books, and fails when it is told to.</summary>
internal sealed class FakeVolume(long totalBytes) : IVolume
{
    private readonly Dictionary<string, long> _files = [];

    /// <summary>What others have written.</summary>
    public long OtherBytes { get; set; }

    public long? FreeFiles { get; set; }

    /// <summary>Bytes after which each file fails with "no space"; null: none does.</summary>
    public long? FailsAfter { get; set; }

    private long Used => OtherBytes + _files.Where(file => File.Exists(file.Key)).Sum(file => Math.Max(file.Value, new FileInfo(file.Key).Length));

    public VolumeSpace Read() => new(Math.Max(0, totalBytes - Used), totalBytes, FreeFiles, FreeFiles is null ? null : 1000);

    public FileStream Create(string path, long bytes)
    {
        if (bytes > Read().FreeBytes)
        {
            throw new IOException("No space left on device", 28);
        }

        _files[path] = bytes;
        return new FailingFile(path, FailsAfter);
    }

    public void Settle(string folder)
    {
    }

    private sealed class FailingFile(string path, long? failsAfter) : FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None)
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            Length + buffer.Length > failsAfter
                ? throw new IOException("No space left on device", 28)
                : base.WriteAsync(buffer, cancellationToken);
    }
}
