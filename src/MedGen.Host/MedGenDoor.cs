using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Google.Protobuf.Reflection;
using Google.Rpc;
using Grpc.AspNetCore.Server;
using MedGen.Abstractions.Errors;
using MedGen.Host.Access;
using MedGen.Host.Errors;
using MedGen.Host.Health;
using MedGen.Host.Http;
using MedGen.Host.Services;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace MedGen.Host;

/// <summary>What faces the callers: listeners, identity, errors, services and routes.</summary>
internal static class MedGenDoor
{
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
        X509Certificate2? certificate = options.CertificateFile is null ? null : ReadCertificate(options.CertificateFile, options.KeyFile!);
        webHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
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
                listen.UseHttps(certificate);
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
        application.MapGrpcService<GenerationService>();
        application.MapGrpcService<AnalysisService>();
        application.MapGrpcService<ArtifactsService>();
        application.MapGrpcService<JobsService>();
        application.MapGrpcService<PluginsService>();
        application.MapGrpcService<ModelsService>();
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

    private static X509Certificate2 ReadCertificate(string certificateFile, string keyFile)
    {
        try
        {
            return X509Certificate2.CreateFromPemFile(certificateFile, keyFile);
        }
        catch (Exception error) when (error is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new FailedPreconditionException(
                "CERTIFICATE", $"The certificate '{Path.GetFileName(certificateFile)}' or its key cannot be used: {error.Message}", error);
        }
    }
}
