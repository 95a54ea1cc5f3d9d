using Google.Protobuf.Reflection;
using Google.Rpc;
using MedGen.Application.Access;
using MedGen.Application.Dicom.Rules;
using MedGen.Host.Access;
using MedGen.Host.Dicom;
using MedGen.Host.Errors;
using MedGen.Host.Health;
using MedGen.Host.Http;
using MedGen.Host.KServe;
using MedGen.Host.Limits;
using MedGen.Host.Services;
using MedGen.Host.Telemetry;
using MedGen.Host.Tls;
using MedGen.WebConsole;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Certificate;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Options;
using Proto = MedGen.Protos.V1;

namespace MedGen.Host;

/// <summary>What faces the callers: listeners, identity, limits, errors, services and routes.</summary>
internal static class MedGenDoor
{
    // Each may carry 100 streams over HTTP/2 (Kestrel's default); more than this is no use, but an attack.
    private const int MaxConnections = 1000;

    // Framing around one chunk or one picture.
    private const int MessageOverhead = 4 * 1024;

    // Every service once, with the largest message that it takes where that is not gRPC's usual 4 MiB.
    private static readonly GrpcService[] Services =
    [
        GrpcService.Of<GenerationService>(),
        GrpcService.Of<AnalysisService>((3 * AnalysisService.MaxWidth * AnalysisService.MaxHeight) + MessageOverhead),
        GrpcService.Of<AugmentationService>(),
        GrpcService.Of<CurationService>(),
        GrpcService.Of<ArtifactsService>(ArtifactsService.MaxChunkBytes + MessageOverhead),
        GrpcService.Of<JobsService>(),
        GrpcService.Of<SharingService>(),
        GrpcService.Of<PluginsService>(),
        GrpcService.Of<ModelsService>(),
        GrpcService.Of<AuditService>(),
        GrpcService.Of<DicomService>(),
        GrpcService.Of<OperationsService>(),
    ];

    private static readonly GrpcService Inference = GrpcService.Of<InferenceService>(InferenceCalls.MaxRequestBytes);

    public static void AddMedGenDoor(this IServiceCollection services, MedGenHostOptions options)
    {
        services.AddMedGenAccess(options);
        services.AddSingleton<ErrorReporter>();
        if (options.DicomRulesFile is not null)
        {
            services.AddSingleton<IDicomRules, DicomRulesFile>();
        }

        services.AddScoped<JobFollower>();
        services.Configure<HostOptions>(host => host.ShutdownTimeout = options.ShutdownTimeout);
        services.AddRouting();

        // The error details' own messages, so that transcoding can write them. Unknown services have no endpoint, so there is none to be guarded.
        services.AddGrpc(grpc =>
        {
            grpc.Interceptors.Add<StatusInterceptor>();
            grpc.IgnoreUnknownServices = true;
        }).AddJsonTranscoding(json =>
        {
            json.TypeRegistry = TypeRegistry.FromFiles(ErrorDetailsReflection.Descriptor);

            // JavaScript has no whole numbers above 2^53; proto3's JSON mapping spells every int64 as a string.
            json.JsonSettings.WriteInt64sAsStrings = true;
        });
        services.AddGrpcReflection();
        services.AddMedGenHealth(
        [
            Proto.Generation.Descriptor.FullName, Proto.Analysis.Descriptor.FullName, Proto.Augmentation.Descriptor.FullName,
            Proto.Artifacts.Descriptor.FullName, Proto.Jobs.Descriptor.FullName, Proto.Sharing.Descriptor.FullName,
            Proto.Plugins.Descriptor.FullName, Proto.Models.Descriptor.FullName, Proto.Audit.Descriptor.FullName,
            Proto.Dicom.Descriptor.FullName,
        ]);
        services.AddMedGenTelemetry(options.Telemetry);
        if (options.Console)
        {
            services.AddConsole(options);
        }

        foreach (GrpcService service in ServicesOf(options))
        {
            service.Configure(services);
        }

        services.AddOtherCalls(options.Calls);

        // Without credentials a page that rebinds its name to loopback must not get in.
        string[] hosts = options.AsksForCredentials ? ["*"] : ["localhost", "127.0.0.1", "[::1]"];
        services.AddHostFiltering(filter => filter.AllowedHosts = hosts);
    }

    /// <summary>The listeners, in this order: gRPC, HTTP, and the operators' where one is asked for.</summary>
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
            kestrel.ListenForOperators(options.Telemetry, listeners);
        });
        return listeners;

        void Configure(ListenOptions listen, HttpProtocols protocols)
        {
            // Clear text has no negotiation: an HTTP/2 port and an HTTP/1.1 port.
            listen.Protocols = certificate is null && protocols != HttpProtocols.Http2 ? HttpProtocols.Http1 : protocols;
            ConnectionLimits limits = listen.ApplicationServices.GetRequiredService<ConnectionLimits>();
            listen.Use(next => connection => limits.CountAsync(connection, next));
            listen.Use(next => connection => limits.RequireFirstByteAsync(connection, next));
            if (certificate is not null)
            {
                bool asks = listen.ApplicationServices.GetRequiredService<AccessDirectory>().Rules?.Trusted is not null;
                listen.UseHttps(https =>
                {
                    (https.ServerCertificate, https.ServerCertificateChain) = (certificate.Leaf, certificate.Chain);
                    https.ClientCertificateMode = asks ? ClientCertificateMode.AllowCertificate : ClientCertificateMode.NoCertificate;

                    // Authentication judges it, and can say why it is refused.
                    https.ClientCertificateValidation = (_, _, _) => true;
                });
                listen.Use(next => connection => limits.RequireFirstByteAsync(connection, next));
            }

            listeners.Add(listen);
        }
    }

    public static void UseMedGenDoor(this WebApplication application, MedGenHostOptions options)
    {
        CallLimiters limiters = application.Services.GetRequiredService<CallLimiters>();
        application.UseOperators(options.Telemetry);
        application.UseGrpcWebIfAsked(options.Calls);
        application.UseMiddleware<MalformedRequestMiddleware>();
        application.UseHostFiltering();
        application.UseMiddleware<SameOriginMiddleware>();
        application.UseRouting();
        application.UseMiddleware<CallLimitMiddleware>(limiters.ByAddress);
        application.UseCorsIfAsked(options.Calls);
        if (options.Console)
        {
            application.UseMiddleware<ConsoleSessionMiddleware>();
        }

        application.UseAuthentication();
        application.UseMiddleware<CallLimitMiddleware>(limiters.ByCaller);
        application.UseMiddleware<CallerMiddleware>();
        application.UseAuthorization();
        application.UseMiddleware<CredentialWatchMiddleware>();
        application.UseMiddleware<JsonRequestMiddleware>();
        foreach (GrpcService service in ServicesOf(options))
        {
            service.Map(application).LetBrowsersAsk(options.Calls);
        }

        application.MapGrpcReflectionService().AllowAnonymous();
        application.MapGrpcHealthChecksService().AllowAnonymous();
        application.MapGet("/readyz", (HttpContext http, Readiness readiness) => readiness.AnswerAsync(http, withChecks: false)).AllowAnonymous();
        application.MapGet("/healthz", () => Results.Text("alive")).AllowAnonymous();
        application.MapArtifactRoutes();
        if (options.Console)
        {
            application.UseAntiforgery();
            application.MapMedGenConsole();
            application.MapConsoleFiles();
            application.MapIssuerSignIn();
        }

        if (options.DicomWeb)
        {
            application.MapDicomWeb(options);
        }

        application.MapOtherCalls(options);
    }

    private static GrpcService[] ServicesOf(MedGenHostOptions options) => options.Calls.Inference ? [.. Services, Inference] : Services;

    private static void AddConsole(this IServiceCollection services, MedGenHostOptions options)
    {
        // The keys of sessions outlive the host; one that only looks at the data folder must not write there.
        IDataProtectionBuilder keys = services.AddDataProtection().SetApplicationName("MedGen.Console");
        _ = options.ReadOnly
            ? keys.UseEphemeralDataProtectionProvider()
            : keys.PersistKeysToFileSystem(new DirectoryInfo(Path.Combine(options.DataFolder, "console-keys")));
        services.AddSingleton<ConsoleSession>();
        services.AddSingleton<IConsoleSignIn, ConsoleSignIn>();
        services.AddSingleton<IssuerSignIn>();
        services.AddSingleton<IConsoleCallers, ConsoleCallers>();
        services.AddMedGenConsole();
    }

    private static void AddMedGenAccess(this IServiceCollection services, MedGenHostOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton(options.Limits);
        services.AddSingleton<CallLimiters>();
        services.AddSingleton<ConnectionLimits>();
        services.AddSingleton<AccessAudit>();
        services.AddSingleton<AccessDirectory>();
        services.AddSingleton<CredentialJudge>();
        services.AddSingleton<CredentialWatch>();
        services.AddHostedService(provider => provider.GetRequiredService<CredentialWatch>());
        services.AddSingleton<IAccessPolicies>(provider => provider.GetRequiredService<AccessDirectory>());
        services.AddAuthentication(AccessSchemes.Chosen)
            .AddPolicyScheme(AccessSchemes.Chosen, null, scheme => scheme.ForwardDefaultSelector = AccessSchemes.Choose)
            .AddScheme<AuthenticationSchemeOptions, LocalHandler>(AccessSchemes.Local, null)
            .AddScheme<AuthenticationSchemeOptions, ApiKeyHandler>(AccessSchemes.ApiKey, null)
            .AddJwtBearer(AccessSchemes.Jwt)
            .AddCertificate(AccessSchemes.Certificate);
        services.AddSingleton<IConfigureOptions<JwtBearerOptions>, JwtOptions>();
        services.AddSingleton<IConfigureOptions<CertificateAuthenticationOptions>, CertificateOptions>();
        services.AddSingleton<IAuthorizationHandler, OperationRequirementHandler>();
        services.AddSingleton<IAuthorizationMiddlewareResultHandler, RefusalHandler>();

        // Every endpoint that says nothing else: a new one is for nobody until it has an operation.
        services.AddAuthorizationBuilder().SetFallbackPolicy(
            new AuthorizationPolicyBuilder().RequireAuthenticatedUser().AddRequirements(new OperationRequirement()).Build());
    }
}
