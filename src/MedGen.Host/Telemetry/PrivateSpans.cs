using System.Diagnostics;
using OpenTelemetry;

namespace MedGen.Host.Telemetry;

/// <summary>
/// Lets only known fields of a span leave the host. The server's own spans hold addresses, with them names of uploaded files, and what callers say of
/// themselves; so may spans of libraries that come later.
/// </summary>
internal sealed class PrivateSpans : BaseProcessor<Activity>
{
    private static readonly HashSet<string> Kept = new(StringComparer.Ordinal)
    {
        "attempt", "error.type", "grpc.method", "grpc.status_code", "http.request.method", "http.response.status_code", "http.route", "job",
        "network.protocol.version", "outcome", "plugin", "plugin_version",
    };

    public override void OnEnd(Activity data)
    {
        foreach (string name in data.TagObjects.Select(tag => tag.Key).Where(name => !Kept.Contains(name)).ToArray())
        {
            data.SetTag(name, null);
        }

        // Its name may be the address.
        if (data.Kind == ActivityKind.Server)
        {
            data.DisplayName = data.GetTagItem("grpc.method") as string ?? $"HTTP {data.GetTagItem("http.route")}".TrimEnd();
        }

        data.SetStatus(data.Status, null);
        data.TraceStateString = null;
    }
}
