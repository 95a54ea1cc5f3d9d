using MedGen.Application.Cluster;
using MedGen.Application.Jobs;
using MedGen.Cluster.Connections;
using MedGen.Cluster.Files;
using MedGen.Cluster.Hosts;
using MedGen.Cluster.S3;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace MedGen.Cluster;

/// <summary>Registration of the cluster room.</summary>
public static class ClusterServiceCollectionExtensions
{
    /// <summary>Makes a host one of a cluster: contents and checkpoints at the servers, and the other hosts as peers.</summary>
    /// <param name="services">Where to add, after storage, whose ports it replaces, and before what runs jobs.</param>
    /// <param name="options">How it joins; its servers are named.</param>
    /// <param name="hostId">Id of this process, the same as in the storage's options.</param>
    /// <returns>The same collection.</returns>
    public static IServiceCollection AddMedGenCluster(this IServiceCollection services, ClusterOptions options, string hostId)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(options);
        services.AddSingleton(Options.Create(options));
        services.AddSingleton(new HostIdentity(hostId));
        services.AddSingleton<ClusterServers>();
        services.AddSingleton<ClusterPeers>();
        services.AddSingleton<ObjectCheckpoints>();
        services.Replace(ServiceDescriptor.Singleton<IPeerHosts>(provider => provider.GetRequiredService<ClusterPeers>()));
        if (options.Files is null)
        {
            services.Replace(ServiceDescriptor.Singleton<ISharedContents, ObjectContents>());
        }
        else
        {
            services.AddSingleton<S3Contents>();
            services.Replace(ServiceDescriptor.Singleton<ISharedContents>(provider => provider.GetRequiredService<S3Contents>()));
            services.AddHostedService<S3Check>();
        }

        services.Replace(ServiceDescriptor.Singleton<ICheckpointStore>(provider => provider.GetRequiredService<ObjectCheckpoints>()));
        services.AddHostedService(provider => provider.GetRequiredService<ClusterPeers>());
        services.AddHostedService(provider => provider.GetRequiredService<ObjectCheckpoints>());
        return services;
    }
}
