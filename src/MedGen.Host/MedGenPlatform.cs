using MedGen.Application;
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
        services.AddMedGenMedia();
        services.AddMedGenStorage(storage =>
        {
            storage.DataFolder = options.DataFolder;
            storage.MaxArtifactBytes = options.MaxUploadBytes;
        });
        services.AddMedGenRuntime(runtime =>
        {
            runtime.ModelPath = options.ModelFolder;
            runtime.Device = options.Device;
            runtime.DataType = options.DataType;
            runtime.EmbeddingFolder = options.EmbeddingFolder;
            foreach (string folder in options.AdapterFolders)
            {
                runtime.AdapterFolders.Add(folder);
            }

            runtime.MemoryLimitBytes = options.MemoryLimitBytes;
        });
        services.AddMedGenPluginHost(plugins =>
        {
            plugins.StateFile = Path.Combine(options.DataFolder, "plugins.json");
            foreach (string folder in options.PluginFolders)
            {
                plugins.Roots.Add(folder);
            }
        });
        services.AddMedGenApplication(jobs =>
        {
            jobs.MaxQueuedJobs = options.MaxQueuedJobs;
            jobs.MaxQueuedJobsPerCaller = Math.Min(jobs.MaxQueuedJobsPerCaller, options.MaxQueuedJobs);
            jobs.MaxConcurrentJobs = options.MaxConcurrentJobs;
            jobs.MaxConcurrentJobsPerCaller = Math.Max(1, options.MaxConcurrentJobs - 1);
            jobs.CheckpointInterval = options.CheckpointInterval;
            jobs.JobRetention = options.JobRetention;
            foreach (string folder in options.DatasetFolders)
            {
                jobs.DatasetFolders.Add(folder);
            }
        });
    }
}
