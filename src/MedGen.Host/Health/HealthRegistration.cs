using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace MedGen.Host.Health;

/// <summary>The health checks, and who is told of them.</summary>
internal static class HealthRegistration
{
    // Longer than the device's own patience.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>Adds the checks; the gRPC services of the names given answer for the whole host.</summary>
    public static void AddMedGenHealth(this IServiceCollection services, IEnumerable<string> grpcServices)
    {
        services.AddSingleton<Readiness>();
        services.AddSingleton<IHealthCheckPublisher>(provider => provider.GetRequiredService<Readiness>());
        services.Configure<HealthCheckPublisherOptions>(publisher => (publisher.Delay, publisher.Period) = (Readiness.Period, Readiness.Period));
        services.AddGrpcHealthChecks(grpc =>
            {
                grpc.UseHealthChecksCache = true;
                foreach (string name in grpcServices.Prepend(""))
                {
                    grpc.Services.Map(name, static _ => true);
                }
            })
            .AddCheck<StoreReadiness>("store", timeout: Limit)
            .AddCheck<DeviceReadiness>("device", timeout: Limit)
            .AddCheck<PluginReadiness>("plugins", timeout: Limit)
            .AddCheck<MediaReadiness>("media", timeout: Limit);
        services.AddHostedService<WarmUp>();
    }
}
