using Google.Protobuf.Reflection;
using Google.Rpc;
using Grpc.AspNetCore.Server;
using MedGen.Host.Access;
using MedGen.Host.Errors;
using MedGen.Host.Health;
using MedGen.Host.Http;
using MedGen.Host.Services;
using MedGen.Host.Tls;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace MedGen.Host;

/// <summary>What faces the callers: listeners, identity, errors, services and routes.</summary>
internal static class MedGenDoor
{
    // Each may carry 100 streams over HTTP/2 (Kestrel's default); more than this is no use, but an attack.
    private const int MaxConnections = 1000;

    // Framing around one chunk or one picture.
    private const int MessageOverhead = 4 * 1024;

    public static void AddMedGenDoor(this IServiceCollection services, MedGenHostOptions options)
    {
        services.AddSingleton(new CallerDirectory(options.TokenFile is null ? null : TokenFile.Read(options.TokenFile)));
        services.AddSingleton<ErrorReporter>();
        services.AddScoped<JobFollower>();
        services.Configure<HostOptions>(host => host.ShutdownTimeout = options.ShutdownTimeout);
        services.AddRouting();

        // The error details' own messages, so that transcoding can write them.
        services.AddGrpc().AddJsonTranscoding(json => json.TypeRegistry = TypeRegistry.FromFiles(ErrorDetailsReflection.Descriptor));
        services.AddGrpcReflection();
        services.AddGrpcHealthChecks().AddCheck<DeviceReadiness>("device");
        AddService<GenerationService>(services);
        AddService<AnalysisService>(services, (3 * AnalysisService.MaxWidth * AnalysisService.MaxHeight) + MessageOverhead);
        AddService<AugmentationService>(services);
        AddService<ArtifactsService>(services, ArtifactsService.MaxChunkBytes + MessageOverhead);
        AddService<JobsService>(services);
        AddService<PluginsService>(services);
        AddService<ModelsService>(services);
        if (options.TokenFile is null)
        {
            // Without tokens a page that rebinds its name to loopback must not get in.
            services.AddHostFiltering(filter => filter.AllowedHosts = ["localhost", "127.0.0.1", "[::1]"]);
        }
        else
        {
            services.AddHostFiltering(filter => filter.AllowedHosts = ["*"]);
        }
    }

    /// <summary>Two listeners, in this order: gRPC, HTTP.</summary>
    public static List<ListenOptions> ListenAsAsked(this IWebHostBuilder webHost, MedGenHostOptions options)
    {
        List<ListenOptions> listeners = [];
        ServerCertificate? certificate = ServerCertificate.Read(options, TimeProvider.System.GetUtcNow());
        webHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = MaxConnections;

            // A caller whose machine is gone says no goodbye: its streams would be held for ever.
            kestrel.Limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(30);
            kestrel.Limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(20);
            kestrel.Listen(options.Address, options.GrpcPort, listen => Configure(listen, HttpProtocols.Http2));
            kestrel.Listen(options.Address, options.HttpPort, listen => Configure(listen, HttpProtocols.Http1AndHttp2));
        });
        return listeners;

        void Configure(ListenOptions listen, HttpProtocols protocols)
        {
            // Clear text has no negotiation: an HTTP/2 port and an HTTP/1.1 port.
            listen.Protocols = certificate is null && protocols != HttpProtocols.Http2 ? HttpProtocols.Http1 : protocols;
            if (certificate is not null)
            {
                listen.UseHttps(https => (https.ServerCertificate, https.ServerCertificateChain) = (certificate.Leaf, certificate.Chain));
            }

            listeners.Add(listen);
        }
    }

    public static void UseMedGenDoor(this WebApplication application)
    {
        application.UseHostFiltering();
        application.UseMiddleware<BrowserGuard>();
        application.UseMiddleware<CallerMiddleware>();
        application.UseRouting();
        application.UseMiddleware<StrangerGuard>();
        application.MapGrpcService<GenerationService>().WithMetadata(KnownCallersOnly.Marker);
        application.MapGrpcService<AnalysisService>().WithMetadata(KnownCallersOnly.Marker);
        application.MapGrpcService<AugmentationService>().WithMetadata(KnownCallersOnly.Marker);
        application.MapGrpcService<ArtifactsService>().WithMetadata(KnownCallersOnly.Marker);
        application.MapGrpcService<JobsService>().WithMetadata(KnownCallersOnly.Marker);
        application.MapGrpcService<PluginsService>().WithMetadata(KnownCallersOnly.Marker);
        application.MapGrpcService<ModelsService>().WithMetadata(KnownCallersOnly.Marker);
        application.MapGrpcReflectionService();
        application.MapGrpcHealthChecksService();
        application.MapHealthChecks("/readyz");
        application.MapGet("/healthz", () => Results.Text("alive"));
        application.MapArtifactRoutes();
    }

    private static void AddService<TService>(IServiceCollection services, int? maxReceiveMessageSize = null)
        where TService : class =>
        services.Configure<GrpcServiceOptions<TService>>(service =>
        {
            service.Interceptors.Add<StatusInterceptor>();
            if (maxReceiveMessageSize is not null)
            {
                service.MaxReceiveMessageSize = maxReceiveMessageSize;
            }
        });
}
