using MedGen.Application.Artifacts;
using MedGen.Application.Auditing;
using MedGen.Application.Idempotency;
using MedGen.Application.Jobs;
using MedGen.Storage.Artifacts;
using MedGen.Storage.Auditing;
using MedGen.Storage.Checkpoints;
using MedGen.Storage.Database;
using MedGen.Storage.Jobs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MedGen.Storage;

/// <summary>Registration of the storage room.</summary>
public static class StorageServiceCollectionExtensions
{
    /// <summary>Adds the job store, the artifact store, the audit log and the idempotency keys, all in one data folder.</summary>
    /// <param name="services">Where to add.</param>
    /// <param name="configure">Changes the defaults; null keeps them.</param>
    /// <returns>The same collection.</returns>
    public static IServiceCollection AddMedGenStorage(this IServiceCollection services, Action<MedGenStorageOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions<MedGenStorageOptions>().Configure(configure ?? (_ => { })).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<DataFolder>();
        services.AddSingleton<SqliteDatabase>();
        services.AddSingleton<ContentFiles>();
        services.AddSingleton<ArtifactStore>();
        services.AddSingleton<IArtifactStore>(provider => provider.GetRequiredService<ArtifactStore>());
        services.AddSingleton<IJobStore, SqliteJobStore>();
        services.AddSingleton<CheckpointStore>();
        services.AddSingleton<ICheckpointStore>(provider => provider.GetRequiredService<CheckpointStore>());
        services.AddSingleton<IAuditLog, SqliteAuditLog>();
        services.AddSingleton<IIdempotencyStore, IdempotencyKeys>();
        services.AddHostedService<StorageStart>();
        return services;
    }
}
