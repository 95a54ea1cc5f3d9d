using MedGen.Application;
using MedGen.Application.Cluster;
using MedGen.Application.Curation;
using MedGen.Application.Erasure;
using MedGen.Application.Models;
using MedGen.Datasets.Clips;
using MedGen.Host.Curation;
using MedGen.Host.Features;
using MedGen.Cluster;
using MedGen.Media;
using MedGen.PluginHost;
using MedGen.Runtime;
using MedGen.Storage;

namespace MedGen.Host;

/// <summary>The rooms behind the door, in the order of their start; they stop the other way round.</summary>
internal static class MedGenPlatform
{
    public static void AddMedGenPlatform(this IServiceCollection services, MedGenHostOptions options)
    {
        services.AddLogging();
        services.AddMedGenMedia(options.Media);
        string hostId = Guid.NewGuid().ToString("N");
        bool isCluster = options.Cluster.Servers is not null;
        services.AddMedGenStorage(storage =>
        {
            Set(storage, options);
            storage.ClusterHost = isCluster ? hostId : null;
        });
        if (isCluster)
        {
            services.AddMedGenCluster(options.Cluster, hostId);
        }

        services.AddMedGenRuntime(runtime => Set(runtime, options));
        services.AddSingleton<IPromptCaches, PromptCaches>();
        services.AddSingleton<IAdapterCatalog, AdapterCatalog>();
        services.AddSingleton<IHostAbility, HostAbilitySource>();
        services.AddMedGenPluginHost(plugins => Set(plugins, options));
        services.AddSingleton<IVideoCurator, HostCurator>();
        if (ModalityWeights.Find(options) is { } weights)
        {
            services.AddSingleton<IClipFeatures>(_ => new HostClipFeatures(weights));
        }

        services.AddMedGenApplication(jobs => Set(jobs, options));
        if (isCluster)
        {
            services.AddMedGenPeerWatch();
        }

        if (options.Cluster.Role == ClusterRole.Front)
        {
            services.AddMedGenJobUpkeep();
        }
        else if (!options.ReadOnly)
        {
            services.AddMedGenJobRunner();
        }
    }

    public static MedGenApplicationOptions Jobs(MedGenHostOptions options)
    {
        MedGenApplicationOptions jobs = new();
        Set(jobs, options);
        return jobs;
    }

    public static MediaOptions Media(MedGenHostOptions options)
    {
        MediaOptions media = new();
        options.Media?.Invoke(media);
        return media;
    }

    public static MedGenRuntimeOptions Runtime(MedGenHostOptions options)
    {
        MedGenRuntimeOptions runtime = new();
        Set(runtime, options);
        return runtime;
    }

    public static PluginHostOptions Plugins(MedGenHostOptions options)
    {
        PluginHostOptions plugins = new();
        Set(plugins, options);
        return plugins;
    }

    public static MedGenStorageOptions Storage(MedGenHostOptions options)
    {
        MedGenStorageOptions storage = new();
        Set(storage, options);
        return storage;
    }

    private static void Set(MedGenStorageOptions storage, MedGenHostOptions options)
    {
        storage.DataFolder = options.DataFolder;
        storage.ReadOnly = options.ReadOnly;
        storage.MaxArtifactBytes = options.MaxUploadBytes;
        storage.MinFreeBytes = options.MinFreeBytes;
        storage.ScrubInterval = options.ScrubInterval;
        storage.QuarantineRetention = options.QuarantineRetention;
        options.Storage?.Invoke(storage);
    }

    private static void Set(MedGenRuntimeOptions runtime, MedGenHostOptions options)
    {
        runtime.ModelPath = options.ModelFolder;
        runtime.Device = options.Device;
        runtime.DataType = options.DataType;
        runtime.EmbeddingFolder = options.EmbeddingFolder;
        foreach (TenantFolder folder in options.AdapterFolders.Select(TenantFolder.Parse))
        {
            runtime.AdapterFolders.Add(new AdapterFolder(folder.Path, folder.Tenant));
        }

        runtime.MemoryLimitBytes = options.MemoryLimitBytes;
        options.Runtime?.Invoke(runtime);
    }

    private static void Set(PluginHostOptions plugins, MedGenHostOptions options)
    {
        plugins.StateFile = Path.Combine(options.DataFolder, "plugins.json");
        plugins.DataRoot = options.ReadOnly ? null : Path.Combine(options.DataFolder, "plugin-data");
        foreach (string folder in options.PluginFolders)
        {
            plugins.Roots.Add(folder);
        }

        options.Plugins?.Invoke(plugins);
    }

    private static void Set(MedGenApplicationOptions jobs, MedGenHostOptions options)
    {
        jobs.MaxQueuedJobs = options.MaxQueuedJobs;
        jobs.MaxQueuedJobsPerCaller = Math.Min(jobs.MaxQueuedJobsPerCaller, Math.Max(1, options.MaxQueuedJobs));
        jobs.MaxConcurrentJobs = options.MaxConcurrentJobs;
        jobs.MaxConcurrentJobsPerCaller = Math.Max(1, options.MaxConcurrentJobs - 1);
        jobs.CheckpointInterval = options.CheckpointInterval;
        jobs.JobRetention = options.JobRetention;
        jobs.UploadRetention = options.UploadRetention;
        jobs.GeneratedRetention = options.GeneratedRetention;
        jobs.DatasetRetention = options.DatasetRetention;
        jobs.FollowDatasetLinks = options.FollowDatasetLinks;
        foreach (string folder in options.DatasetFolders)
        {
            jobs.DatasetFolders.Add(folder);
        }

        jobs.AdapterTenants.UnionWith(options.AdapterFolders.Select(entry => TenantFolder.Parse(entry).Tenant).OfType<string>());

        options.Jobs?.Invoke(jobs);
    }
}
