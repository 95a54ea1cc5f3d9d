using Grpc.AspNetCore.Server;

namespace MedGen.Host;

/// <summary>A service of gRPC: what it needs, and where it answers.</summary>
internal sealed record GrpcService(Action<IServiceCollection> Configure, Func<IEndpointRouteBuilder, IEndpointConventionBuilder> Map)
{
    public static GrpcService Of<TService>(int? maxReceiveMessageSize = null)
        where TService : class => new(
            services => services.Configure<GrpcServiceOptions<TService>>(service =>
            {
                service.IgnoreUnknownServices = true;
                service.MaxReceiveMessageSize = maxReceiveMessageSize ?? service.MaxReceiveMessageSize;
            }),
            routes => routes.MapGrpcService<TService>());
}
