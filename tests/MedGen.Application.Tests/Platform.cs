using System.Collections.Concurrent;
using MedGen.Application.Access;
using MedGen.Application.Artifacts;
using MedGen.Application.Auditing;
using MedGen.Application.Curation;
using MedGen.Application.Jobs;
using MedGen.Application.Jobs.Requests;
using MedGen.Application.Plugins;
using MedGen.Application.Streaming;
using MedGen.Media;
using MedGen.Sdk.Models;
using MedGen.Storage;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MedGen.Application.Tests;

/// <summary>The whole application over real storage and real media; only plugins and the model are stood in for.</summary>
internal sealed class Platform : IAsyncDisposable
{
    private readonly Action<MedGenApplicationOptions>? _configure;
    private readonly Action<MedGenStorageOptions>? _storage;
    private IHost? _host;

    private Platform(Action<MedGenApplicationOptions>? configure, Action<MedGenStorageOptions>? storage) =>
        (_configure, _storage) = (configure, storage);

    public static Caller Ann { get; } = new() { Name = "ann", Roles = [Role.Operator] };

    public static Caller Bob { get; } = new() { Name = "bob", Roles = [Role.Operator] };

    public static Caller Admin { get; } = new() { Name = "root", Roles = [Role.Administrator] };

    public static Caller Reader { get; } = new() { Name = "rita", Roles = [Role.Viewer] };

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    public string Folder { get; } = Path.Combine(Path.GetTempPath(), "medgen-tests", Guid.NewGuid().ToString("N"));

    public SettableClock Time { get; } = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    public FakeCatalog Catalog { get; } = new();

    public FakeCurator Curator { get; } = new();

    public FakeJournal Journal { get; } = new();

    public FakeModel? Model { get; set; } = new();

    public ConcurrentQueue<string> LogLines { get; } = new();

    public IServiceProvider Services => _host!.Services;

    public IHostApplicationLifetime Lifetime => Services.GetRequiredService<IHostApplicationLifetime>();

    public IJobStore Jobs => Services.GetRequiredService<IJobStore>();

    public IArtifactStore Artifacts => Services.GetRequiredService<IArtifactStore>();

    public IAuditLog Audit => Services.GetRequiredService<IAuditLog>();

    public static async Task<Platform> StartAsync(
        Action<MedGenApplicationOptions>? configure = null, bool withModel = true, Action<MedGenStorageOptions>? storage = null)
    {
        Platform platform = new(configure, storage);
        if (!withModel)
        {
            platform.Model = null;
        }

        await platform.StartHostAsync();
        return platform;
    }

    public async Task StartHostAsync()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.AddProvider(new LineLogger(LogLines)).SetMinimumLevel(LogLevel.Trace);
        builder.Services.AddSingleton<TimeProvider>(Time);
        builder.Services.AddSingleton<IPluginCatalog>(Catalog);
        builder.Services.AddSingleton<IPluginCallJournal>(Journal);
        if (Model is not null)
        {
            builder.Services.AddSingleton<IMedGenModel>(Model);
        }

        builder.Services.AddSingleton<IVideoCurator>(Curator);
        builder.Services.AddMedGenMedia();
        builder.Services.AddMedGenStorage(options =>
        {
            options.DataFolder = Folder;
            _storage?.Invoke(options);
        });
        builder.Services.AddMedGenApplication(_configure);
        builder.Services.AddMedGenJobRunner();
        _host = builder.Build();
        await _host.StartAsync(Token);
    }

    public async Task StopHostAsync()
    {
        await _host!.StopAsync(Token);
        await ((IAsyncDisposable)_host).DisposeAsync();
        _host = null;
    }

    public async Task<TResponse> Send<TResponse>(
        IRequest<TResponse> message, Caller? caller, DateTimeOffset? deadline = null, CancellationToken? cancellationToken = null)
    {
        await using AsyncServiceScope scope = Enter(caller, deadline);
        return await scope.ServiceProvider.GetRequiredService<ISender>().Send(message, cancellationToken ?? Token);
    }

    public async Task Send(IRequest message, Caller? caller)
    {
        await using AsyncServiceScope scope = Enter(caller, null);
        await scope.ServiceProvider.GetRequiredService<ISender>().Send(message, Token);
    }

    public async IAsyncEnumerable<TResponse> Stream<TResponse>(
        IRequest<StreamedAnswer<TResponse>> message,
        Caller? caller,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await using AsyncServiceScope scope = Enter(caller, null);
        StreamedAnswer<TResponse> answer = await scope.ServiceProvider.GetRequiredService<ISender>().Send(message, cancellationToken);
        await foreach (TResponse item in answer.WithCancellation(cancellationToken))
        {
            yield return item;
        }
    }

    /// <summary>Watches a job to its end.</summary>
    public async Task<List<JobEvent>> WatchAsync(string jobId, long afterEvent = 0)
    {
        List<JobEvent> events = [];
        await foreach (JobEvent item in Stream(new WatchJob { JobId = jobId, AfterEvent = afterEvent }, Reader, Token))
        {
            events.Add(item);
        }

        return events;
    }

    /// <summary>Watches a job until something is in its log.</summary>
    public async Task<JobEvent> UntilAsync(string jobId, Func<JobEventPayload, bool> condition)
    {
        await foreach (JobEvent item in Stream(new WatchJob { JobId = jobId }, Reader, Token))
        {
            if (condition(item.Payload))
            {
                return item;
            }
        }

        throw new InvalidOperationException("The job ended without it.");
    }

    public Task<JobEvent> UntilAsync(string jobId, JobState state) => UntilAsync(jobId, p => p is JobStateChanged change && change.State == state);

    public async Task<Artifact> UploadAsync(byte[] content, string name = "clip.mp4")
    {
        IAsyncEnumerable<ReadOnlyMemory<byte>> chunks = new[] { (ReadOnlyMemory<byte>)content }.ToAsyncEnumerable();
        return await Send(new UploadArtifact { FileName = name, MediaType = "video/mp4", Chunks = chunks }, Ann);
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
        {
            await StopHostAsync();
        }

        Directory.Delete(Folder, recursive: true);
    }

    private AsyncServiceScope Enter(Caller? caller, DateTimeOffset? deadline)
    {
        AsyncServiceScope scope = Services.CreateAsyncScope();
        CallerContext context = scope.ServiceProvider.GetRequiredService<CallerContext>();
        context.Caller = caller;
        context.Deadline = deadline;
        return scope;
    }

    private sealed class LineLogger(ConcurrentQueue<string> lines) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue($"{logLevel} {formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}
