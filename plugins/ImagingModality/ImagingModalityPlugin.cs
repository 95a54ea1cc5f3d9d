using MedGen.Sdk.Analysis;
using MedGen.Sdk.Plugins;
using MedGen.Sdk.Torch.Execution;
using Microsoft.Extensions.DependencyInjection;

namespace MedGen.Plugins.ImagingModality;

/// <summary>Entry of the plugin: registers the modality classifier and its self-test.</summary>
public sealed class ImagingModalityPlugin : IMedGenPlugin
{
    /// <inheritdoc />
    public void ConfigureServices(IServiceCollection services, PluginContext context)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(context);
        string weights = Path.Combine(context.Directory, "weights", "modality.safetensors");
        services.AddSingleton(provider => new ModalityClassifier(weights, provider.GetRequiredService<IDeviceExecutor>()));
        services.AddSingleton<IVideoAnalyzer>(provider => provider.GetRequiredService<ModalityClassifier>());
        services.AddSingleton<IPluginSelfTest>(provider => provider.GetRequiredService<ModalityClassifier>());
    }
}
