using MedGen.Application.Artifacts;
using MedGen.Application.Auditing;
using MedGen.Application.Idempotency;
using MedGen.Application.Jobs;
using MedGen.Storage.Disks;
using MedGen.Storage.Maintenance;
using MedGen.Storage.Tests.Databases;
using Microsoft.Extensions.DependencyInjection;

namespace MedGen.Storage.Tests;

/// <summary>Real storage in a folder of its own; <see cref="Reopen"/> is what the next process sees.</summary>
internal sealed class StorageFixture : IDisposable
{
    private readonly bool _ownsFolder;
    private readonly long _maxBytes;
    private readonly bool _readOnly;
    private readonly Action<MedGenStorageOptions>? _configure;
    private readonly IVolume? _volume;
    private readonly Action<IServiceCollection>? _change;
    private ServiceProvider _services;

    public StorageFixture(
        string? folder = null, long maxBytes = 1 << 20, bool readOnly = false, Action<MedGenStorageOptions>? configure = null, IVolume? volume = null,
        Action<IServiceCollection>? services = null, TestDatabase? database = null)
    {
        _change = services ?? (database is null ? null : database.Add);
        _readOnly = readOnly;
        _configure = configure ?? (database is null ? null : database.Configure);
        _volume = volume;
        _ownsFolder = folder is null;
        _maxBytes = maxBytes;
        Folder = folder ?? Path.Combine(Path.GetTempPath(), "medgen-tests", Guid.NewGuid().ToString("N"));
        _services = Open();
    }

    public string Folder { get; }

    public SettableClock Time { get; } = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    public IJobStore Jobs => _services.GetRequiredService<IJobStore>();

    public IArtifactStore Artifacts => _services.GetRequiredService<IArtifactStore>();

    public IAuditLog Audit => _services.GetRequiredService<IAuditLog>();

    public IIdempotencyStore Keys => _services.GetRequiredService<IIdempotencyStore>();

    public IStoreState State => _services.GetRequiredService<IStoreState>();

    public StoreUpkeep Upkeep => _services.GetRequiredService<StoreUpkeep>();

    public StorageStart Start => _services.GetRequiredService<StorageStart>();

    public IServiceProvider Services => _services;

    public string[] ArtifactFiles => Directory.GetFiles(Path.Combine(Folder, "artifacts"), "*", SearchOption.AllDirectories);

    public string[] WorkFiles => Directory.GetFiles(Path.Combine(Folder, "work"));

    public void Reopen()
    {
        Close();
        _services = Open();
    }

    /// <summary>Ends the process, and starts another one as far as the database.</summary>
    public void ReopenDatabase()
    {
        Reopen();
        _ = Jobs;
    }

    /// <summary>Ends the process, as far as the folder can tell.</summary>
    public void Close() => _services.DisposeAsync().AsTask().GetAwaiter().GetResult();

    public void Dispose()
    {
        Close();
        if (_ownsFolder && Directory.Exists(Folder))
        {
            Directory.Delete(Folder, recursive: true);
        }
    }

    /// <summary>Stores a file as an upload does.</summary>
    public Task<Artifact> AddAsync(byte[] content, NewArtifact? artifact = null)
    {
        return Artifacts.AddAsync(
            artifact ?? new NewArtifact { FileName = "clip.mp4", MediaType = "video/mp4", Owner = "ann" }, Chunks(),
            TestContext.Current.CancellationToken);

        async IAsyncEnumerable<ReadOnlyMemory<byte>> Chunks()
        {
            yield return content;
            await Task.Yield();
        }
    }

    /// <summary>Where an artifact's content lies.</summary>
    public string ContentOf(Artifact artifact) => new DataPaths(Folder).ContentFile(artifact.Sha256);

    private ServiceProvider Open()
    {
        IServiceCollection services = new ServiceCollection()
            .AddLogging()
            .AddSingleton<TimeProvider>(Time)
            .AddMedGenStorage(options =>
            {
                options.DataFolder = Folder;
                options.MaxArtifactBytes = _maxBytes;
                options.ReadOnly = _readOnly;
                _configure?.Invoke(options);
            })
            .AddSingleton<StorageStart>();
        _change?.Invoke(services);
        return (_volume is null ? services : services.AddSingleton(_volume)).BuildServiceProvider();
    }
}
