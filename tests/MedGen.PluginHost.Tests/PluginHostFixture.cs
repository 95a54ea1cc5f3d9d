using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using MedGen.Sdk.Analysis;
using MedGen.Sdk.Models;
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

    public string DataRoot => Path.Combine(_folder.FullName, "data", "plugin-data");

    public string SettingsFolder => Directory.CreateDirectory(Path.Combine(_folder.FullName, "settings")).FullName;

    /// <summary>Levels of the log by the start of a category; without one, warnings and errors.</summary>
    public Dictionary<string, LogLevel> Levels { get; } = [];

    /// <summary>What is lent as the host's model; null: there is none.</summary>
    public IMedGenModel? Model { get; set; }

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
        builder.Services.AddLogging(logging =>
        {
            logging.SetMinimumLevel(LogLevel.Warning).AddProvider(new Collector(Logged));
            foreach ((string category, LogLevel level) in Levels)
            {
                logging.AddFilter(category, level);
            }
        });
        builder.Services.AddSingleton(Time);
        builder.Services.AddSingleton<IDeviceExecutor, TinyExecutor>();
        if (Model is not null)
        {
            builder.Services.AddSingleton(Model);
        }

        builder.Services.AddMedGenPluginHost(options =>
        {
            options.Roots.Add(Root);
            options.StateFile = StateFile;
            options.DataRoot = DataRoot;
            options.SettingsFolder = SettingsFolder;
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

    public Task<PluginLease<T>> AcquireAsync<T>(string kind, string? task = null)
        where T : class => Catalog.AcquireAsync<T>(kind, task, null, TestContext.Current.CancellationToken);

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

        public bool IsEnabled(LogLevel logLevel) => true;

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
