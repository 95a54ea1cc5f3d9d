using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using MedGen.Sdk.Analysis;
using MedGen.Sdk.Serving;
using MedGen.Sdk.Plugins;
using MedGen.Application.Plugins;
using MedGen.Sdk.Torch.Execution;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TorchSharp;

namespace MedGen.PluginHost.Tests;

/// <summary>A host with the plugin host alone, over a folder of its own.</summary>
internal sealed class PluginHostFixture : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("medgen-plugins-");
    private IHost? _host;

    public string Root => Path.Combine(_folder.FullName, "plugins");

    public string StateFile => Path.Combine(_folder.FullName, "data", "plugins.json");

    public TimeProvider Time { get; set; } = TimeProvider.System;

    /// <summary>What the hosts have logged.</summary>
    public ConcurrentQueue<string> Logged { get; } = [];

    public IPluginCallJournal Journal => _host!.Services.GetRequiredService<IPluginCallJournal>();

    public IPluginCatalog Catalog => _host!.Services.GetRequiredService<IPluginCatalog>();

    public PluginHostFixture Install(string id, string version)
    {
        TestPlugins.Install(Root, id, version);
        return this;
    }

    public async Task<PluginHostFixture> StartAsync(Action<PluginHostOptions>? configure = null)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddLogging(logging => logging.AddProvider(new Collector(Logged)));
        builder.Services.AddSingleton(Time);
        builder.Services.AddSingleton<IDeviceExecutor, TinyExecutor>();
        builder.Services.AddMedGenPluginHost(options =>
        {
            options.Roots.Add(Root);
            options.StateFile = StateFile;
            configure?.Invoke(options);
        });
        _host = builder.Build();
        await _host.StartAsync(TestContext.Current.CancellationToken);
        return this;
    }

    public async Task StopAsync()
    {
        if (_host is not null)
        {
            await _host.StopAsync();
            _host.Dispose();
            _host = null;
        }
    }

    public Task<PluginLease<IVideoAnalyzer>> AcquireAsync(string task) =>
        Catalog.AcquireAsync<IVideoAnalyzer>(CapabilityKinds.Analysis, task, null, TestContext.Current.CancellationToken);

    // Not inlined: nothing of the plugin stays on the test's own frame.
    [MethodImpl(MethodImplOptions.NoInlining)]
    public async Task<string> AnalyzeAsync(string task)
    {
        using PluginLease<IVideoAnalyzer> lease = await AcquireAsync(task);
        return await TestPlugins.AnalyzeAsync(lease.Service);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _folder.Delete(recursive: true);
    }

    private sealed class Collector(ConcurrentQueue<string> logged) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            logged.Enqueue(formatter(state, exception));

        public void Dispose()
        {
        }
    }

    private sealed class TinyExecutor : IDeviceExecutor
    {
        private readonly Lock _lock = new();

        public torch.Device Device => torch.CPU;

        public Task<T> RunAsync<T>(Func<CancellationToken, T> work, ServicePriority priority, CancellationToken cancellationToken) =>
            Task.Run(
                () =>
                {
                    lock (_lock)
                    {
                        using DisposeScope scope = torch.NewDisposeScope();
                        return work(cancellationToken);
                    }
                },
                cancellationToken);
    }
}
