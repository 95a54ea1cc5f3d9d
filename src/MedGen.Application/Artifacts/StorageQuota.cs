using System.Runtime.CompilerServices;
using MedGen.Application.Access;
using MedGen.Sdk.Errors;
using Microsoft.Extensions.Options;

namespace MedGen.Application.Artifacts;

/// <summary>Keeps what callers and tenants store within their limits.</summary>
internal sealed class StorageQuota(IArtifactStore artifacts, IOptions<MedGenApplicationOptions> options)
{
    /// <summary>Makes sure that the caller may store at least one more byte.</summary>
    /// <returns>Bytes that may still be stored.</returns>
    /// <exception cref="ResourceExhaustedException">The limit is reached (<c>STORAGE_QUOTA</c>).</exception>
    public async Task<long> RequireRoomAsync(Caller caller, CancellationToken cancellationToken)
    {
        (long ofCaller, long ofTenant) = (options.Value.MaxStoredBytesPerCaller, options.Value.MaxStoredBytesPerTenant);
        if (ofCaller == 0 && ofTenant == 0)
        {
            return long.MaxValue;
        }

        StoredBytes stored = await artifacts.GetStoredBytesAsync(caller.Name, caller.OwnTenant, cancellationToken).ConfigureAwait(false);
        return Math.Min(Left("this caller", stored.OfOwner, ofCaller), Left("this caller's tenant", stored.OfTenant, ofTenant));
    }

    /// <summary>Passes content on until it is more than may be stored.</summary>
    /// <exception cref="ResourceExhaustedException">There is more (<c>STORAGE_QUOTA</c>).</exception>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> WithinAsync(
        IAsyncEnumerable<ReadOnlyMemory<byte>> chunks, long room, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (ReadOnlyMemory<byte> chunk in chunks.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            room -= chunk.Length;
            if (room < 0)
            {
                throw Exhausted("The file has more bytes than this caller, or its tenant, may still store.");
            }

            yield return chunk;
        }
    }

    private long Left(string whose, long stored, long limit) => limit == 0 ? long.MaxValue
        : stored < limit ? limit - stored
        : throw Exhausted($"The artifacts of {whose} have {stored} bytes, and the limit is {limit}; delete some first.");

    private ResourceExhaustedException Exhausted(string message) => new("STORAGE_QUOTA", message, options.Value.RetryAfter);
}
