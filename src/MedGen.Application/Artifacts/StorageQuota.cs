using MedGen.Application.Access;
using MedGen.Sdk.Errors;
using Microsoft.Extensions.Options;

namespace MedGen.Application.Artifacts;

/// <summary>
/// Keeps what callers and tenants store within their limits, what is on its way included: uploads at the same time have together what one of them
/// would have.
/// </summary>
internal sealed class StorageQuota(IArtifactStore artifacts, IOptions<MedGenApplicationOptions> options)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Tally> _tallies = new(StringComparer.Ordinal);

    /// <summary>Makes sure that the caller may store at least one more byte.</summary>
    /// <exception cref="ResourceExhaustedException">The limit is reached (<c>STORAGE_QUOTA</c>).</exception>
    public async Task RequireRoomAsync(Caller caller, CancellationToken cancellationToken)
    {
        using StoragePlace place = await ReserveAsync(caller, null, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Takes the place of a file that is about to come.</summary>
    /// <param name="caller">Whose it will be.</param>
    /// <param name="declared">Bytes that are declared; null: none are, and each chunk takes its own place.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The place; dispose it when the file is stored or given up.</returns>
    /// <exception cref="ResourceExhaustedException">There is no room for it (<c>STORAGE_QUOTA</c>).</exception>
    public async Task<StoragePlace> ReserveAsync(Caller caller, long? declared, CancellationToken cancellationToken)
    {
        (long ofCaller, long ofTenant) = (options.Value.MaxStoredBytesPerCaller, options.Value.MaxStoredBytesPerTenant);
        if (ofCaller == 0 && ofTenant == 0)
        {
            return new StoragePlace(this, []);
        }

        // Noted before it is asked what is stored: a file that lands meanwhile counts twice for a moment, and never not at all.
        StorageShare[] shares =
        [
            .. ofCaller == 0 ? (StorageShare[])[] : [Open("this caller", $"{caller.OwnTenant}/{caller.Name}", ofCaller)],
            .. ofTenant == 0 ? (StorageShare[])[] : [Open("this caller's tenant", caller.OwnTenant, ofTenant)],
        ];
        StoragePlace place = new(this, shares);
        try
        {
            StoredBytes stored = await artifacts.GetStoredBytesAsync(caller.Name, caller.OwnTenant, cancellationToken).ConfigureAwait(false);
            foreach (StorageShare share in shares)
            {
                share.Stored = share.Key == caller.OwnTenant ? stored.OfTenant : stored.OfOwner;
            }

            Grow(place, Math.Max(declared ?? 0, 1));
            return place;
        }
        catch
        {
            place.Dispose();
            throw;
        }
    }

    /// <summary>Makes a place as large as what has come.</summary>
    /// <exception cref="ResourceExhaustedException">There is no room for it (<c>STORAGE_QUOTA</c>).</exception>
    public void Grow(StoragePlace place, long bytes)
    {
        lock (_lock)
        {
            long more = bytes - place.Bytes;
            if (more <= 0)
            {
                return;
            }

            foreach (StorageShare share in place.Shares)
            {
                Tally tally = _tallies[share.Key];
                long used = share.Stored + tally.Landed - share.LandedBefore + tally.Coming;
                if (used + more > share.Limit)
                {
                    throw new ResourceExhaustedException(
                        "STORAGE_QUOTA",
                        $"The artifacts of {share.Whose} have {used} bytes, those on their way included, and the limit is {share.Limit}; delete some "
                            + "first.",
                        options.Value.RetryAfter);
                }
            }

            foreach (StorageShare share in place.Shares)
            {
                _tallies[share.Key].Coming += more;
            }

            place.Bytes = bytes;
        }
    }

    /// <summary>Gives a place back: to what is stored, or to nobody.</summary>
    public void Close(StoragePlace place, bool hasLanded)
    {
        lock (_lock)
        {
            foreach (StorageShare share in place.Shares)
            {
                Tally tally = _tallies[share.Key];
                tally.Coming -= place.Bytes;
                tally.Landed += hasLanded ? place.Bytes : 0;
                if (--tally.Open == 0)
                {
                    _tallies.Remove(share.Key);
                }
            }
        }
    }

    private StorageShare Open(string whose, string key, long limit)
    {
        lock (_lock)
        {
            if (!_tallies.TryGetValue(key, out Tally? tally))
            {
                _tallies[key] = tally = new Tally();
            }

            tally.Open++;
            return new StorageShare { Whose = whose, Key = key, Limit = limit, LandedBefore = tally.Landed };
        }
    }

    // What is on its way of one caller or tenant, as long as anything is.
    private sealed class Tally
    {
        public int Open { get; set; }

        public long Coming { get; set; }

        public long Landed { get; set; }
    }
}
