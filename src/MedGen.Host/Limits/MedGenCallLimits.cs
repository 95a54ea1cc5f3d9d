using System.ComponentModel.DataAnnotations;

namespace MedGen.Host.Limits;

/// <summary>
/// How much may be asked at once. An address is an IPv4 address or an IPv6 network of 64 bits; where a proxy stands before the host, all callers have
/// the proxy's.
/// </summary>
public sealed record MedGenCallLimits
{
    /// <summary>Connections of one address, 1 to 1,000 (which is what all may have together). Default 200.</summary>
    [Range(1, 1000)]
    public int ConnectionsPerAddress { get; init; } = 200;

    /// <summary>How long a connection may stay without its first byte, before and after TLS: above 0, at most 5 min. Default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:05:00")]
    public TimeSpan FirstByteTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Calls of one address that are served at the same time, 1 to 100,000. Default 500.</summary>
    [Range(1, 100_000)]
    public int CallsInFlightPerAddress { get; init; } = 500;

    /// <summary>Calls of one address in a second, 1 to 1,000,000; as many at once. Default 1,000.</summary>
    [Range(1, 1_000_000)]
    public int CallsPerSecondPerAddress { get; init; } = 1000;

    /// <summary>Calls of one caller that are served at the same time, watched jobs included, 1 to 100,000. Default 200.</summary>
    [Range(1, 100_000)]
    public int CallsInFlightPerCaller { get; init; } = 200;

    /// <summary>Calls of one caller in a second, 1 to 1,000,000; as many at once. Default 500.</summary>
    [Range(1, 1_000_000)]
    public int CallsPerSecondPerCaller { get; init; } = 500;

    /// <summary>Calls of one tenant that are served at the same time, 1 to 100,000. Default 1,000.</summary>
    [Range(1, 100_000)]
    public int CallsInFlightPerTenant { get; init; } = 1000;

    /// <summary>Calls of one tenant in a second, 1 to 1,000,000; as many at once. Default 2,000.</summary>
    [Range(1, 1_000_000)]
    public int CallsPerSecondPerTenant { get; init; } = 2000;
}
