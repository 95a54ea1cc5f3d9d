using MedGen.Host.KServe;
using MedGen.Host.OpenAi;
using MedGen.Host.OpenApi;

namespace MedGen.Host;

/// <summary>The calls of <see cref="MedGenCalls"/>: each is there only where it is asked for.</summary>
internal static class OtherCalls
{
    private const string GrpcWebPolicy = "grpc-web";

    public static void AddOtherCalls(this IServiceCollection services, MedGenCalls calls)
    {
        if (calls.Inference)
        {
            services.AddScoped<InferenceCalls>();
        }

        if (calls.GrpcWeb)
        {
            services.AddCors(cors => cors.AddPolicy(GrpcWebPolicy, policy => policy.WithOrigins([.. calls.GrpcWebOrigins])
                .WithMethods(HttpMethods.Post).WithHeaders("authorization", "content-type", "grpc-timeout", "x-grpc-web", "x-user-agent")
                .WithExposedHeaders("grpc-status", "grpc-message", "grpc-status-details-bin")));
        }

        if (calls.ServesDocument)
        {
            services.AddCallsDocument();
        }
    }

    /// <summary>Makes calls of gRPC out of those of gRPC-Web. Before everything else, so that the rest sees gRPC alone.</summary>
    public static void UseGrpcWebIfAsked(this WebApplication application, MedGenCalls calls)
    {
        if (calls.GrpcWeb)
        {
            application.UseGrpcWeb(new GrpcWebOptions { DefaultEnabled = true });
        }
    }

    /// <summary>Answers what browsers ask before a call from another origin. After routing; before credentials, for the question has none.</summary>
    public static void UseCorsIfAsked(this WebApplication application, MedGenCalls calls)
    {
        if (calls.GrpcWeb)
        {
            application.UseCors();
        }
    }

    /// <summary>Lets pages of the origins that the host names call a service.</summary>
    public static void LetBrowsersAsk(this IEndpointConventionBuilder service, MedGenCalls calls)
    {
        if (calls.GrpcWeb)
        {
            service.RequireCors(GrpcWebPolicy);
        }
    }

    public static void MapOtherCalls(this WebApplication application, MedGenHostOptions options)
    {
        if (options.Calls.OpenAiVideos)
        {
            application.MapOpenAiVideos(options);
        }

        if (options.Calls.Inference)
        {
            application.MapInference();
        }

        if (options.Calls.ServesDocument)
        {
            application.MapCallsDocument();
        }

        if (options.Calls.OpenApiPage)
        {
            application.MapCallsPage();
        }
    }
}
