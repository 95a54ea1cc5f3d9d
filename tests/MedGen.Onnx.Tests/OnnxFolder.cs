using MedGen.Sdk.Analysis;
using MedGen.Sdk.Plugins;
using Microsoft.Extensions.DependencyInjection;

namespace MedGen.Onnx.Tests;

/// <summary>A plugin's folder with one of the networks of tests/fixtures/onnx, and the analyzer that the runtime makes of it.</summary>
internal sealed class OnnxFolder : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("medgen-onnx-");
    private ServiceProvider? _services;

    public OnnxFolder(string network, string spec)
    {
        File.Copy(Fixtures.Path("onnx", network), Path.Combine(_folder.FullName, network));
        File.WriteAllText(Path.Combine(_folder.FullName, "onnx.json"), spec);
    }

    public IVideoAnalyzer Start()
    {
        PluginManifest manifest = new()
        {
            Id = "test.onnx", Version = "1.0.0", Name = "Test", Publisher = "Tests", Sdk = "[0.9,1.0)", Runtime = "onnx",
            Capabilities = [new PluginCapability { Kind = CapabilityKinds.Analysis, Task = "test" }],
        };
        ServiceCollection services = new();
        new OnnxPlugin().ConfigureServices(services, new PluginContext { Manifest = manifest, Directory = _folder.FullName });
        _services = services.BuildServiceProvider();
        return _services.GetRequiredService<IVideoAnalyzer>();
    }

    public async Task<IVideoAnalyzer> StartAndTestAsync()
    {
        IVideoAnalyzer analyzer = Start();
        await _services!.GetRequiredService<IPluginSelfTest>().RunAsync(TestContext.Current.CancellationToken);
        return analyzer;
    }

    public async ValueTask DisposeAsync()
    {
        if (_services is not null)
        {
            await _services.DisposeAsync();
        }

        _folder.Delete(recursive: true);
    }
}
