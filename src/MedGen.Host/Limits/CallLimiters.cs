using System.Net;
using System.Threading.RateLimiting;
using MedGen.Host.Access;

namespace MedGen.Host.Limits;

/// <summary>Counts calls by address, by caller and by tenant.</summary>
internal sealed class CallLimiters(MedGenCallLimits limits) : IDisposable
{
    private const int PeriodsPerSecond = 10;

    /// <summary>For every call, before anybody asks who makes it.</summary>
    public PartitionedRateLimiter<HttpContext> ByAddress { get; } = PartitionedRateLimiter.CreateChained(
        Rate(AddressOf, limits.CallsPerSecondPerAddress), InFlight(AddressOf, limits.CallsInFlightPerAddress));

    /// <summary>For calls whose caller is known; others pass.</summary>
    public PartitionedRateLimiter<HttpContext> ByCaller { get; } = PartitionedRateLimiter.CreateChained(
        Rate(CallerOf, limits.CallsPerSecondPerCaller),
        InFlight(CallerOf, limits.CallsInFlightPerCaller),
        Rate(TenantOf, limits.CallsPerSecondPerTenant),
        InFlight(TenantOf, limits.CallsInFlightPerTenant));

    public void Dispose()
    {
        ByAddress.Dispose();
        ByCaller.Dispose();
    }

    /// <summary>What is counted as one address: whoever has an IPv6 network has all of it.</summary>
    public static string Network(IPAddress? address)
    {
        if (address is null)
        {
            return "";
        }

        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }

        byte[] bytes = address.GetAddressBytes();
        return Convert.ToHexString(bytes.AsSpan(0, Math.Min(bytes.Length, 8)));
    }

    private static string AddressOf(HttpContext http) => Network(http.Connection.RemoteIpAddress);

    private static string? CallerOf(HttpContext http) => (http.User.Identity as CallerIdentity)?.Caller.Name;

    private static string? TenantOf(HttpContext http) =>
        http.User.Identity is CallerIdentity { Caller: { IsOfAllTenants: false } caller } ? caller.Tenant : null;

    private static PartitionedRateLimiter<HttpContext> Rate(Func<HttpContext, string?> key, int perSecond) =>
        PartitionedRateLimiter.Create<HttpContext, string>(http => key(http) is { } name
            ? RateLimitPartition.GetTokenBucketLimiter(name, _ => new TokenBucketRateLimiterOptions
            {
                TokenLimit = perSecond,
                TokensPerPeriod = Math.Max(1, perSecond / PeriodsPerSecond),
                ReplenishmentPeriod = TimeSpan.FromSeconds(Math.Max(1.0, PeriodsPerSecond / (double)perSecond) / PeriodsPerSecond),
            })
            : RateLimitPartition.GetNoLimiter(""));

    private static PartitionedRateLimiter<HttpContext> InFlight(Func<HttpContext, string?> key, int atOnce) =>
        PartitionedRateLimiter.Create<HttpContext, string>(http => key(http) is { } name
            ? RateLimitPartition.GetConcurrencyLimiter(name, _ => new ConcurrencyLimiterOptions { PermitLimit = atOnce })
            : RateLimitPartition.GetNoLimiter(""));
}
