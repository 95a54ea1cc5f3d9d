using MedGen.Application.Artifacts;
using MedGen.Application.Auditing;
using MedGen.Application.Idempotency;
using MedGen.Application.Jobs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace MedGen.Storage.Tests;

/// <summary>Real storage in a folder of its own; <see cref="Reopen"/> is what the next process sees.</summary>
internal sealed class StorageFixture : IDisposable
{
    private readonly bool _ownsFolder;
    private readonly long _maxBytes;
    private ServiceProvider _services;

    public StorageFixture(string? folder = null, long maxBytes = 1 << 20)
    {
        _ownsFolder = folder is null;
        _maxBytes = maxBytes;
        Folder = folder ?? Path.Combine(Path.GetTempPath(), "medgen-tests", Guid.NewGuid().ToString("N"));
        _services = Open();
    }

    public string Folder { get; }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    public IJobStore Jobs => _services.GetRequiredService<IJobStore>();

    public IArtifactStore Artifacts => _services.GetRequiredService<IArtifactStore>();

    public IAuditLog Audit => _services.GetRequiredService<IAuditLog>();

    public IIdempotencyStore Keys => _services.GetRequiredService<IIdempotencyStore>();

    public IServiceProvider Services => _services;

    public string[] ArtifactFiles => Directory.GetFiles(Path.Combine(Folder, "artifacts"), "*", SearchOption.AllDirectories);

    public string[] WorkFiles => Directory.GetFiles(Path.Combine(Folder, "work"));

    public void Reopen()
    {
        _services.Dispose();
        _services = Open();
    }

    public void Dispose()
    {
        _services.Dispose();
        if (_ownsFolder && Directory.Exists(Folder))
        {
            Directory.Delete(Folder, recursive: true);
        }
    }

    private ServiceProvider Open() => new ServiceCollection()
        .AddLogging()
        .AddSingleton<TimeProvider>(Time)
        .AddMedGenStorage(options =>
        {
            options.DataFolder = Folder;
            options.MaxArtifactBytes = _maxBytes;
        })
        .BuildServiceProvider();
}
