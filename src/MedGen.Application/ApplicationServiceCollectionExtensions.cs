using System.Reflection;
using MedGen.Application.Auditing;
using MedGen.Application.Artifacts;
using MedGen.Application.Access.Sharing;
using MedGen.Application.Access;
using MedGen.Application.Admission;
using MedGen.Application.Analysis;
using MedGen.Application.Augmentation;
using MedGen.Application.Behaviors;
using MedGen.Application.Curation;
using MedGen.Application.Cluster;
using MedGen.Application.Dicom;
using MedGen.Application.Dicom.Rules;
using MedGen.Application.Generation;
using MedGen.Application.Idempotency;
using MedGen.Application.Jobs;
using MedGen.Application.Jobs.Running;
using MedGen.Application.Models;
using MedGen.Application.Plugins;
using MedGen.Application.Signing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MedGen.Application;

/// <summary>Registration of the application's room.</summary>
public static class ApplicationServiceCollectionExtensions
{
    // The order is the order in which a message passes them.
    private static readonly Type[] Behaviors =
    [
        typeof(TracingBehavior<,>),
        typeof(ValidationBehavior<,>),
        typeof(AuthorizationBehavior<,>),
        typeof(IdempotencyBehavior<,>),
        typeof(AuditBehavior<,>),
        typeof(AdmissionBehavior<,>),
    ];

    /// <summary>
    /// Adds the messages' handlers and the pipeline; <see cref="AddMedGenJobRunner"/> adds what works off the queue. Needs storage, a plugin catalog
    /// and media beside it; a resident model is optional. Only this assembly is scanned: plugins never register handlers.
    /// </summary>
    /// <param name="services">Where to add.</param>
    /// <param name="configure">Changes the defaults; null keeps them.</param>
    /// <returns>The same collection.</returns>
    public static IServiceCollection AddMedGenApplication(this IServiceCollection services, Action<MedGenApplicationOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        Assembly assembly = typeof(ApplicationServiceCollectionExtensions).Assembly;
        services.AddOptions<MedGenApplicationOptions>().Configure(configure ?? (_ => { })).ValidateDataAnnotations().ValidateOnStart();
        services.AddMediatR(configuration =>
        {
            configuration.RegisterServicesFromAssembly(assembly);
            foreach (Type behavior in Behaviors)
            {
                configuration.AddOpenBehavior(behavior);
            }
        });

        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<RecordsClock>();
        services.AddScoped<CallerContext>();
        services.AddScoped<ItemVisibility>();
        services.AddScoped<SharedItems>();
        services.AddScoped<JobIntake>();
        services.TryAddSingleton<IAccessPolicies, DefaultAccessPolicies>();
        services.AddSingleton<AuditTrail>();
        services.AddSingleton<IAuditTrail>(provider => provider.GetRequiredService<AuditTrail>());
        services.AddHostedService(provider => provider.GetRequiredService<AuditTrail>());
        services.AddSingleton<StorageQuota>();
        services.AddScoped<IdempotencyContext>();
        services.AddSingleton<AdmissionGate>();
        services.AddSingleton<OpenStreams>();
        services.AddSingleton<DatasetFolders>();
        services.AddSingleton<AugmentationCheck>();
        services.AddScoped<AugmentedArtifacts>();
        services.AddSingleton<AdapterNames>();
        services.AddSingleton<ResidentModelSource>();
        services.TryAddSingleton<IPeerHosts, NoPeers>();
        services.AddSingleton<JobFeed>();
        services.AddSingleton<JobPlacement>();
        services.AddSingleton<JobQueue>();
        services.AddSingleton<RunningJobs>();
        services.AddSingleton<CrashRecovery>();
        services.AddSingleton<JobCheckpoints>();
        services.AddSingleton<ClipSigner>();
        services.AddSingleton<FirstFrames>();
        services.TryAddSingleton<IPluginCallJournal, NoCallJournal>();
        services.AddSingleton<PluginCalls>();
        services.TryAddSingleton<IDicomRules, NoDicomRules>();
        services.AddSingleton<StudyClock>();
        services.AddSingleton<DicomIndexer>();
        services.AddSingleton<StudyResults>();
        services.AddScoped<DicomReceipt>();
        services.AddScoped<Archives>();
        services.AddSingleton<IJobWork, GenerationWork>();
        services.AddSingleton<IJobWork, AnalysisWork>();
        services.AddSingleton<IJobWork, AugmentationWork>();
        services.AddSingleton<IJobWork, CurationWork>();
        return services;
    }

    /// <summary>Adds what a host of a cluster does for the others; it needs an <see cref="IPeerHosts"/> that knows them.</summary>
    /// <param name="services">Where to add, after <see cref="AddMedGenApplication"/>.</param>
    /// <returns>The same collection.</returns>
    public static IServiceCollection AddMedGenPeerWatch(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        return services.AddHostedService<PeerWatch>();
    }

    /// <summary>Adds what runs jobs, ends those whose time is up and removes old ones. Without it, what is stored can only be looked at.</summary>
    /// <param name="services">Where to add, after <see cref="AddMedGenApplication"/>.</param>
    /// <returns>The same collection.</returns>
    public static IServiceCollection AddMedGenJobRunner(this IServiceCollection services)
    {
        services.AddMedGenJobUpkeep();
        services.AddHostedService<JobRunner>();
        services.AddHostedService<StudyRunner>();
        services.AddHostedService<DeliveryRunner>();
        return services;
    }

    /// <summary>Adds what looks after jobs and files without running any: their deadlines and how long they are kept.</summary>
    /// <param name="services">Where to add, after <see cref="AddMedGenApplication"/>.</param>
    /// <returns>The same collection.</returns>
    public static IServiceCollection AddMedGenJobUpkeep(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddHostedService<JobRetention>();
        services.AddHostedService<AuditRetention>();
        services.AddHostedService<ArtifactRetention>();
        services.AddHostedService<QueueDeadlines>();
        return services;
    }
}
