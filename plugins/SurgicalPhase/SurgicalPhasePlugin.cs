using MedGen.Sdk.Analysis;
using MedGen.Sdk.Plugins;
using MedGen.Sdk.Torch.Execution;
using Microsoft.Extensions.DependencyInjection;

namespace MedGen.Plugins.SurgicalPhase;

/// <summary>Entry of the plugin: registers the phase classifier and its self-test.</summary>
public sealed class SurgicalPhasePlugin : IMedGenPlugin
{
    /// <inheritdoc />
    public void ConfigureServices(IServiceCollection services, PluginContext context)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(context);
        string weights = Path.Combine(context.Directory, "weights", "phases.safetensors");
        services.AddSingleton(provider => new PhaseClassifier(weights, provider.GetRequiredService<IDeviceExecutor>()));
        services.AddSingleton<IVideoAnalyzer>(provider => provider.GetRequiredService<PhaseClassifier>());
        services.AddSingleton<IPluginSelfTest>(provider => provider.GetRequiredService<PhaseClassifier>());
    }
}
