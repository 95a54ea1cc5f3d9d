using MedGen.Application.Access;
using MedGen.Application.Artifacts;
using MedGen.Application.Auditing;
using MedGen.Application.Augmentation;
using MedGen.Application.Cluster;
using MedGen.Application.Dicom;
using MedGen.Application.Erasure;
using MedGen.Application.Generation;
using MedGen.Application.Idempotency;
using MedGen.Application.Jobs;
using MedGen.Application.Retention;
using MedGen.Application.Signing;
using MedGen.Storage.Access;
using MedGen.Storage.Artifacts;
using MedGen.Storage.Auditing;
using MedGen.Storage.Checkpoints;
using MedGen.Storage.Cluster;
using MedGen.Storage.Database;
using MedGen.Storage.Dicom;
using MedGen.Storage.Disks;
using MedGen.Storage.Erasure;
using MedGen.Storage.Jobs;
using MedGen.Storage.Maintenance;
using MedGen.Storage.Retention;
using MedGen.Storage.Signing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

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
        services.AddSingleton<IVolume, FileSystemVolume>();
        services.AddSingleton<StoreSpace>();
        services.AddSingleton<StoreDatabase>(provider => provider.GetRequiredService<IOptions<MedGenStorageOptions>>().Value.Database is null
            ? ActivatorUtilities.CreateInstance<SqliteDatabase>(provider)
            : ActivatorUtilities.CreateInstance<PostgresDatabase>(provider));
        services.AddSingleton<ContentFiles>();
        services.AddSingleton<ContentRemoval>();
        services.AddSingleton<ContentIntegrity>();
        services.AddSingleton<ArtifactStore>();
        services.AddSingleton<IArtifactStore>(provider => provider.GetRequiredService<ArtifactStore>());
        services.TryAddSingleton<RecordsClock>();
        services.AddSingleton<JobStore>();
        services.AddSingleton<IJobStore>(provider => provider.GetRequiredService<JobStore>());
        services.AddSingleton<IJobClaims>(provider => provider.GetRequiredService<JobStore>());
        services.AddSingleton<JobClaims>();
        services.TryAddSingleton<ISharedContents, OwnContents>();
        services.TryAddSingleton<IPeerHosts, NoPeers>();
        services.AddSingleton<LocalCopies>();
        services.AddSingleton<ContentRemovals>();
        services.AddSingleton<CheckpointStore>();
        services.AddSingleton<ICheckpointStore>(provider => provider.GetRequiredService<CheckpointStore>());
        services.AddSingleton<IHostKey, HostKey>();
        services.AddSingleton<AuditAnchor>();
        services.AddSingleton<IAuditLog, AuditLog>();
        services.AddSingleton<IShareStore, ShareStore>();
        services.AddSingleton<IFolderOwners, FolderOwners>();
        services.AddSingleton<IIdempotencyStore, IdempotencyKeys>();
        services.TryAddSingleton<IPromptCaches, NoPromptCaches>();
        services.AddSingleton<IDicomStore, DicomStore>();
        services.AddSingleton<IErasure, StoreErasure>();
        services.AddSingleton<IPromptHashes, PromptHashes>();
        services.AddSingleton<IRetentionClock, RetentionClock>();
        services.AddSingleton<StartCheck>();
        services.AddSingleton<ScheduledScrub>();
        services.AddSingleton<StoreUpkeep>();
        services.AddSingleton<IStoreState>(provider => provider.GetRequiredService<StoreUpkeep>());
        services.AddHostedService<StorageStart>();
        services.AddHostedService<AuditCheck>();
        services.AddHostedService(provider => provider.GetRequiredService<StoreUpkeep>());
        services.AddHostedService(provider => provider.GetRequiredService<ContentRemovals>());
        return services;
    }
}
