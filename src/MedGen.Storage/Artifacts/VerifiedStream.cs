using System.Security.Cryptography;
using MedGen.Sdk.Errors;
using MedGen.Application.Artifacts;

namespace MedGen.Storage.Artifacts;

/// <summary>
/// An artifact's content that is never handed out whole unless it is what was stored. Read from its beginning, it is hashed on the way, at no second
/// reading, and the last bytes come only when the hash is right; who leaves that order, and so would never see all of it, waits until the whole file
/// has been read once.
/// </summary>
internal sealed class VerifiedStream(FileStream content, Artifact artifact, ContentIntegrity integrity) : Stream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _hashed;
    private bool _isGood;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => content.Length;

    public override long Position
    {
        get => content.Position;
        set => content.Position = value;
    }

    /// <inheritdoc />
    /// <exception cref="DataLossException">The content is not what was stored (<c>ARTIFACT_DAMAGED</c>).</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!_isGood && content.Position != _hashed)
        {
            await integrity.RequireAsync(content.SafeFileHandle, artifact, mayRemember: true, cancellationToken).ConfigureAwait(false);
            _isGood = true;
        }

        int read;
        try
        {
            read = await content.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException exception)
        {
            throw integrity.Damaged(artifact, exception);
        }

        if (!_isGood && buffer.Length > 0)
        {
            Check(buffer.Span[..read]);
        }

        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read it asynchronously.");

    public override long Seek(long offset, SeekOrigin origin) => content.Seek(offset, origin);

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        _hash.Dispose();
        await content.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _hash.Dispose();
            content.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Check(ReadOnlySpan<byte> read)
    {
        _hash.AppendData(read);
        _hashed += read.Length;
        if (_hashed < artifact.Size && read.Length > 0)
        {
            return;
        }

        if (Convert.ToHexStringLower(_hash.GetHashAndReset()) != artifact.Sha256)
        {
            throw integrity.Damaged(artifact);
        }

        _isGood = true;
        integrity.Remember(content.SafeFileHandle, artifact);
    }
}
