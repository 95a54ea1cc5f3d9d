using MedGen.Sdk.Generation;
using MedGen.Sdk.Plugins;
using Microsoft.Extensions.DependencyInjection;

namespace MedGen.Plugins.Generation;

/// <summary>Offers the shared model's generation as a plugin's capability, and a self-test that the model answers.</summary>
public sealed class GenerationPlugin : IMedGenPlugin
{
    /// <inheritdoc />
    public void ConfigureServices(IServiceCollection services, PluginContext context)
    {
        services.AddSingleton<IVideoGenerator, SharedModelGenerator>();
        services.AddSingleton<IPluginSelfTest, ModelSelfTest>();
    }
}
