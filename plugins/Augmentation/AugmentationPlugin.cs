using MedGen.Sdk.Augmentation;
using MedGen.Sdk.Plugins;
using MedGen.Plugins.Augmentation.Classic;
using MedGen.Plugins.Augmentation.Generated;
using MedGen.Plugins.Augmentation.Simulated;
using Microsoft.Extensions.DependencyInjection;

namespace MedGen.Plugins.Augmentation;

/// <summary>Entry of the plugin: one augmenter over its methods.</summary>
public sealed class AugmentationPlugin : IMedGenPlugin
{
    /// <inheritdoc />
    public void ConfigureServices(IServiceCollection services, PluginContext context)
    {
        services.AddSingleton<IClipMethod, ClassicMethod>();
        services.AddSingleton<IClipMethod, PromptedMethod>();
        services.AddSingleton<IClipMethod, VariationMethod>();
        services.AddSingleton<IClipMethod, AnimateMethod>();
        services.AddSingleton<IClipMethod, AdaptedMethod>();
        services.AddSingleton<IClipMethod, PhantomMethod>();
        services.AddSingleton<IDatasetAugmenter, ClipAugmenter>();
        services.AddSingleton<IPluginSelfTest, AugmentationSelfTest>();
    }
}
