using System.Runtime.CompilerServices;
using MedGen.Sdk.Errors;

namespace MedGen.Application.Artifacts;

/// <summary>The place of one file that is on its way, in the shares of its caller and tenant.</summary>
/// <param name="quota">Whose books it stands in.</param>
/// <param name="shares">The shares; none: there is no limit.</param>
internal sealed class StoragePlace(StorageQuota quota, IReadOnlyList<StorageShare> shares) : IDisposable
{
    private bool _hasLanded;
    private bool _isClosed;

    public IReadOnlyList<StorageShare> Shares => shares;

    /// <summary>Bytes that are taken.</summary>
    public long Bytes { get; set; }

    /// <summary>Passes content on until it is more than may be stored.</summary>
    /// <exception cref="ResourceExhaustedException">There is more (<c>STORAGE_QUOTA</c>).</exception>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> WithinAsync(
        IAsyncEnumerable<ReadOnlyMemory<byte>> chunks, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        long come = 0;
        await foreach (ReadOnlyMemory<byte> chunk in chunks.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            come += chunk.Length;
            quota.Grow(this, come);
            yield return chunk;
        }
    }

    /// <summary>Notes that the file is stored, with all the bytes that have come.</summary>
    public void Land() => _hasLanded = true;

    public void Dispose()
    {
        if (!_isClosed)
        {
            _isClosed = true;
            quota.Close(this, _hasLanded);
        }
    }
}
