using MedGen.Application;
using MedGen.Media;
using MedGen.PluginHost;
using MedGen.Runtime;
using MedGen.Storage;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace MedGen.Host.Telemetry;

/// <summary>Traces and metrics, where somebody takes them.</summary>
internal static class TelemetryRegistration
{
    private const string Server = "Microsoft.AspNetCore";

    private static readonly string[] Meters =
    [
        MedGenDiagnostics.Name, RuntimeDiagnostics.Name, MediaDiagnostics.Name, StorageDiagnostics.Name, PluginHostDiagnostics.Name,
        HostMetrics.Name, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime",
    ];

    public static void AddMedGenTelemetry(this IServiceCollection services, TelemetryOptions options)
    {
        if (options.Port is null && options.OtlpEndpoint is null)
        {
            return;
        }

        services.AddMetrics();
        services.AddHostedService<HostMetrics>();
        OpenTelemetryBuilder telemetry = services.AddOpenTelemetry().ConfigureResource(
            resource => resource.AddService("medgen", serviceVersion: typeof(MedGenHost).Assembly.GetName().Version!.ToString(3)));
        telemetry.WithMetrics(metrics =>
        {
            metrics.AddMeter(Meters);
            if (options.Port is not null)
            {
                metrics.AddPrometheusExporter();
            }

            if (options.OtlpEndpoint is not null)
            {
                metrics.AddOtlpExporter(otlp => Set(otlp, options, "v1/metrics"));
            }
        });
        if (options.OtlpEndpoint is not null)
        {
            telemetry.WithTracing(traces => traces
                .AddSource(MedGenDiagnostics.Name, RuntimeDiagnostics.Name, Server)
                .SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(options.TraceShare)))
                .AddProcessor(new PrivateSpans())
                .AddOtlpExporter(otlp => Set(otlp, options, "v1/traces")));
        }
    }

    private static void Set(OtlpExporterOptions otlp, TelemetryOptions options, string path)
    {
        bool isHttp = options.OtlpProtocol == OtlpProtocol.HttpProtobuf;
        otlp.Protocol = isHttp ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc;
        otlp.Endpoint = isHttp ? new Uri($"{options.OtlpEndpoint!.AbsoluteUri.TrimEnd('/')}/{path}") : options.OtlpEndpoint!;
        otlp.Headers = options.OtlpHeaders;
    }
}
