using System.Reflection;
using FluentValidation;
using MedGen.Application.Access;
using MedGen.Application.Admission;
using MedGen.Application.Analysis;
using MedGen.Application.Augmentation;
using MedGen.Application.Behaviors;
using MedGen.Application.Generation;
using MedGen.Application.Idempotency;
using MedGen.Application.Jobs;
using MedGen.Application.Models;
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
    /// Adds the messages' handlers, the pipeline and the job runner. Needs storage, a plugin catalog and media beside it; a resident model is
    /// optional. Only this assembly is scanned: plugins never register handlers.
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
                configuration.AddOpenStreamBehavior(behavior);
            }
        });
        foreach (AssemblyScanner.AssemblyScanResult validator in AssemblyScanner.FindValidatorsInAssembly(assembly, includeInternalTypes: true))
        {
            services.AddSingleton(validator.InterfaceType, validator.ValidatorType);
        }

        services.TryAddSingleton(TimeProvider.System);
        services.AddScoped<CallerContext>();
        services.AddScoped<IdempotencyContext>();
        services.AddSingleton<AdmissionGate>();
        services.AddSingleton<OpenStreams>();
        services.AddSingleton<DatasetFolders>();
        services.AddSingleton<ResidentModelSource>();
        services.AddSingleton<JobFeed>();
        services.AddSingleton<JobLog>();
        services.AddSingleton<RunningJobs>();
        services.AddSingleton<CrashRecovery>();
        services.AddSingleton<JobCheckpoints>();
        services.AddSingleton<IJobWork, GenerationWork>();
        services.AddSingleton<IJobWork, ClassificationWork>();
        services.AddSingleton<IJobWork, AugmentationWork>();
        services.AddHostedService<JobRetention>();
        services.AddHostedService<QueueDeadlines>();
        services.AddHostedService<JobRunner>();
        return services;
    }
}
