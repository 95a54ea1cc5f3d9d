using MedGen.Sdk.Analysis;
using MedGen.Sdk.Augmentation;
using MedGen.Sdk.Generation;
using MedGen.Sdk.Models;
using MedGen.Sdk.Plugins;
using MedGen.Sdk.Testing.Fakes;
using MedGen.Sdk.Torch.Execution;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace MedGen.Sdk.Testing;

/// <summary>A plugin's services as a host makes them, in the test's own process and load context. The host's own checks are not made.</summary>
public sealed class PluginUnderTest : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private PluginUnderTest(ServiceProvider services) => _services = services;

    /// <summary>The plugin's services, with what it is lent.</summary>
    public IServiceProvider Services => _services;

    /// <summary>The generator.</summary>
    /// <exception cref="InvalidOperationException">The plugin registers none.</exception>
    public IVideoGenerator Generator => _services.GetRequiredService<IVideoGenerator>();

    /// <summary>The augmenter.</summary>
    /// <exception cref="InvalidOperationException">The plugin registers none.</exception>
    public IDatasetAugmenter Augmenter => _services.GetRequiredService<IDatasetAugmenter>();

    /// <summary>Lets a plugin register its services; they get a <see cref="TestModel"/>, a <see cref="TestDeviceExecutor"/> and loggers that say
    /// nothing.</summary>
    /// <param name="plugin">The plugin's entry.</param>
    /// <param name="directory">Folder that the plugin finds its data in, such as <c>weights/</c>; null: the folder of the test's assembly.</param>
    /// <param name="lend">Registers other services to lend, which count instead of those; null: none.</param>
    /// <param name="tell">Changes what the plugin is told: settings, secrets, a data folder; null: none of these.</param>
    /// <returns>The services; disposing them is what an unload does first.</returns>
    public static PluginUnderTest Start(
        IMedGenPlugin plugin, string? directory = null, Action<IServiceCollection>? lend = null, Func<PluginContext, PluginContext>? tell = null)
    {
        ArgumentNullException.ThrowIfNull(plugin);
        ServiceCollection services = new();
        services.AddSingleton<IMedGenModel, TestModel>();
        services.AddSingleton<IDeviceExecutor, TestDeviceExecutor>();
        services.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(typeof(ILogger<>), typeof(Logger<>));
        lend?.Invoke(services);
        PluginManifest manifest = new()
        {
            Id = "test.plugin",
            Version = "1.0.0",
            Name = "Plugin under test",
            Publisher = "Tests",
            Sdk = $"[{MedGenSdk.Version}]",
            EntryAssembly = Path.GetFileName(plugin.GetType().Assembly.Location),
            Capabilities = [],
        };
        PluginContext context = new() { Manifest = manifest, Directory = directory ?? AppContext.BaseDirectory };
        plugin.ConfigureServices(services, tell?.Invoke(context) ?? context);
        return new PluginUnderTest(services.BuildServiceProvider());
    }

    /// <summary>The analyzer of a task.</summary>
    /// <param name="task">The task, as its description has it.</param>
    /// <returns>The analyzer.</returns>
    /// <exception cref="InvalidOperationException">The plugin registers none of that task, or several.</exception>
    public IVideoAnalyzer Analyzer(string task)
    {
        (IVideoAnalyzer Analyzer, string Task)[] all =
            [.. _services.GetServices<IVideoAnalyzer>().Select(analyzer => (analyzer, analyzer.Describe().Task))];
        (IVideoAnalyzer Analyzer, string Task)[] fitting = [.. all.Where(one => one.Task == task)];
        return fitting is [var only]
            ? only.Analyzer
            : throw new InvalidOperationException(
                $"task: got '{task}', which {fitting.Length} analyzers have; allowed: {string.Join(", ", all.Select(one => one.Task))}.");
    }

    /// <summary>Runs the plugin's self-tests.</summary>
    /// <param name="cancellationToken">Ends them.</param>
    public async Task SelfTestAsync(CancellationToken cancellationToken)
    {
        foreach (IPluginSelfTest test in _services.GetServices<IPluginSelfTest>())
        {
            await test.RunAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
