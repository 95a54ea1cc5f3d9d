using MedGen.Application;
using MedGen.Media;

namespace MedGen.Host;

/// <summary>The rooms behind the door, in the order of their start; they stop the other way round.</summary>
internal static class MedGenPlatform
{
    public static void AddMedGenPlatform(this IServiceCollection services, MedGenHostOptions options)
    {
        services.AddLogging();
        services.AddMedGenMedia();
        services.AddMedGenApplication(jobs =>
        {
            jobs.MaxQueuedJobs = options.MaxQueuedJobs;
            jobs.MaxQueuedJobsPerCaller = Math.Min(jobs.MaxQueuedJobsPerCaller, options.MaxQueuedJobs);
            jobs.MaxConcurrentJobs = options.MaxConcurrentJobs;
        });
    }
}
