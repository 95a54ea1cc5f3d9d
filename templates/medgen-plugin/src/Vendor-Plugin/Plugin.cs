#if (analyzer)
using MedGen.Sdk.Analysis;
#endif
#if (augmenter)
using MedGen.Sdk.Augmentation;
#endif
#if (generator)
using MedGen.Sdk.Generation;
#endif
using MedGen.Sdk.Plugins;
using Microsoft.Extensions.DependencyInjection;

namespace Vendor_Plugin;

/// <summary>The entry: the one public class that the host looks for.</summary>
public sealed class Plugin : IMedGenPlugin
{
    /// <inheritdoc />
    public void ConfigureServices(IServiceCollection services, PluginContext context)
    {
#if (analyzer)
        services.AddSingleton<IVideoAnalyzer, Analyzer>();
#endif
#if (generator)
        services.AddSingleton<IVideoGenerator, Generator>();
#endif
#if (augmenter)
        services.AddSingleton<IDatasetAugmenter, Augmenter>();
#endif
    }
}
