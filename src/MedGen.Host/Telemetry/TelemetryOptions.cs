using System.ComponentModel.DataAnnotations;
using System.Net;
using MedGen.Host.Configuration;

namespace MedGen.Host.Telemetry;

/// <summary>Where traces and metrics go.</summary>
public sealed class TelemetryOptions
{
    /// <summary>
    /// Port of the operators' listener: <c>/metrics</c> for Prometheus, <c>/livez</c>, <c>/startupz</c> and <c>/readyz</c> for probes, in clear text
    /// and without identity; it serves nothing else. 0: any free one; null (default): none.
    /// </summary>
    [Range(0, IPEndPoint.MaxPort)]
    public int? Port { get; set; }

    /// <summary>Address of the operators' listener; default loopback.</summary>
    public IPAddress Address { get; set; } = IPAddress.Loopback;

    /// <summary>Address of an OpenTelemetry collector, such as <c>http://127.0.0.1:4317</c>; null (default): none.</summary>
    public Uri? OtlpEndpoint { get; set; }

    /// <summary>How they travel to the collector; default gRPC.</summary>
    [EnumDataType(typeof(OtlpProtocol))]
    public OtlpProtocol OtlpProtocol { get; set; }

    /// <summary>Headers for the collector, <c>name=value</c> separated by commas, such as its credentials; null (default): none.</summary>
    [Secret]
    public string? OtlpHeaders { get; set; }

    /// <summary>Share of the traces that are kept where the caller has not decided, 0 to 1; default 1.</summary>
    [Range(0.0, 1.0)]
    public double TraceShare { get; set; } = 1;
}
