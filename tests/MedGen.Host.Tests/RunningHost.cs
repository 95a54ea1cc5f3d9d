using System.Collections.Concurrent;
using MedGen.Sdk.Models;
using MedGen.Application.Cluster;
using MedGen.Application.Plugins;
using MedGen.Application.Tests;
using MedGen.Client;
using MedGen.Host.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Proto = MedGen.Protos.V1;

namespace MedGen.Host.Tests;

/// <summary>
/// A whole host on free loopback ports with storage, media and device of its own; only the plugin is written by the test. Disposing it fails the
/// test when the host logged an error that the test did not expect.
/// </summary>
internal sealed class RunningHost : IAsyncDisposable
{
    private readonly Func<MedGenHostOptions, MedGenHostOptions> _change;
    private MedGenHost? _host;

    private readonly bool _isReal;
    private readonly string? _authorityFile;

    private readonly Action<IServiceCollection>? _services;

    private RunningHost(
        Func<MedGenHostOptions, MedGenHostOptions> change, bool isReal, string? authorityFile = null, Action<IServiceCollection>? services = null)
    {
        _services = services;
        _change = change;
        _isReal = isReal;
        _authorityFile = authorityFile;
    }

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    public string Folder { get; } = Path.Combine(Path.GetTempPath(), "medgen-tests", Guid.NewGuid().ToString("N"));

    public FakeGenerator Generator { get; } = new();

    public FakeCatalog Catalog { get; } = new();

    public ConcurrentQueue<(LogLevel Level, string Text)> Lines { get; } = new();

    public bool ExpectsErrors { get; set; }

    public MedGenEndpoints Endpoints => _host!.Endpoints;

    public IServiceProvider Services => _host!.Services;

    public MedGenClient Client { get; private set; } = null!;

    public HttpClient Http { get; private set; } = null!;

    /// <summary>A host with the plugin and the model of the test.</summary>
    public static Task<RunningHost> StartAsync(
        Func<MedGenHostOptions, MedGenHostOptions>? change = null, string? authorityFile = null, Action<IServiceCollection>? services = null) =>
        StartAsync(new RunningHost(change ?? (options => options), isReal: false, authorityFile, services));

    /// <summary>A host with a built plugin, that for generation unless another is named, and the tiny model of the repository unless another is.</summary>
    public static Task<RunningHost> StartRealAsync(string dataType = "float32", string plugin = "medgen.generation", string? embeddings = null, TelemetryOptions? telemetry = null,
        string? model = null, Func<MedGenHostOptions, MedGenHostOptions>? change = null) => StartAsync(new RunningHost(
        options => (change ?? (same => same))(options with
        {
            PluginFolders = [CopyPlugin(plugin, PluginFolderOf(options.DataFolder))],
            ModelFolder = model ?? Fixtures.TinyModel,
            DataType = dataType,
            Telemetry = telemetry ?? new TelemetryOptions(),
            EmbeddingFolder = embeddings is null ? null : Path.Combine(options.DataFolder, embeddings),
        }),
        isReal: true));

    private static async Task<RunningHost> StartAsync(RunningHost running)
    {
        await running.StartHostAsync();
        return running;
    }

    public async Task StartHostAsync()
    {
        MedGenHostOptions options = _change(new MedGenHostOptions { DataFolder = Folder, PluginFolders = [], GrpcPort = 0, HttpPort = 0 });
        _host = MedGenHost.Build(options, Configure);
        await _host.StartAsync(Token);
        Client = ClientWith(token: null);
        Http = new HttpClient { BaseAddress = Endpoints.Http };
    }

    public async Task StopHostAsync()
    {
        await _host!.StopAsync(Token);
        await _host.DisposeAsync();
        Client.Dispose();
        Http.Dispose();
        _host = null;
    }

    public MedGenClient ClientWith(string? token) =>
        new(new MedGenClientOptions { Address = Endpoints.Grpc, Token = token, AuthorityFile = _authorityFile });

    /// <summary>Starts a generation that waits in the plugin until <see cref="FakeGenerator.Gate"/> is set.</summary>
    public async Task<Proto.Job> HoldJobAsync()
    {
        Generator.Gate ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await foreach (Proto.JobEvent response in Client.Generation.GenerateAsync(Small(), Token))
        {
            return response.Accepted;
        }

        throw new InvalidOperationException("The job was not accepted.");
    }

    public async Task WaitForAsync(string jobId, Proto.JobState state)
    {
        await foreach (Proto.JobEvent one in Client.Jobs.WatchAsync(jobId, cancellationToken: Token))
        {
            if (one.State?.State == state)
            {
                return;
            }
        }

        throw new InvalidOperationException($"The job ended without being {state}.");
    }

    public static Proto.GenerateVideoRequest Small(string prompt = "a heart beats") =>
        new() { Prompt = prompt, Width = 64, Height = 48, NumFrames = 5, NumInferenceSteps = 2, Seed = 7 };

    public async ValueTask DisposeAsync()
    {
        Generator.Gate?.TrySetResult();
        if (_host is not null)
        {
            await StopHostAsync();
        }

        Directory.Delete(Folder, recursive: true);
        if (Directory.Exists(PluginFolderOf(Folder)))
        {
            Directory.Delete(PluginFolderOf(Folder), recursive: true);
        }

        if (!ExpectsErrors)
        {
            Lines.Where(line => line.Level >= LogLevel.Error).ShouldBeEmpty();
        }
    }

    // Beside the data folder, which must be empty when it is taken for the first time.
    private static string PluginFolderOf(string dataFolder) => dataFolder + "-plugins";

    // Alone in a folder: what else was built beside it is no matter of these tests.
    private static string CopyPlugin(string id, string folder)
    {
        string source = RepositoryRoot.Path("artifacts", "plugins", id);
        foreach (string file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(folder, id, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy, overwrite: true);
        }

        return folder;
    }

    private void Configure(WebApplicationBuilder builder)
    {
        builder.Logging.AddProvider(new LineLoggerProvider(Lines)).SetMinimumLevel(LogLevel.Trace);
        _services?.Invoke(builder.Services);
        if (_isReal)
        {
            return;
        }

        Catalog.Generator = Generator;
        builder.Services.AddSingleton<IPluginCatalog>(Catalog);
        builder.Services.AddSingleton<IMedGenModel>(new FakeModel());
        builder.Services.AddSingleton<IHostAbility>(new FakeAbility());
    }

    internal sealed class LineLoggerProvider(ConcurrentQueue<(LogLevel Level, string Text)> lines) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue((logLevel, $"{formatter(state, exception)} {exception}"));

        public void Dispose()
        {
        }
    }
}
