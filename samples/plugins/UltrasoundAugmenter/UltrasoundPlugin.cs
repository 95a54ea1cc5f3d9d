using MedGen.Sdk.Augmentation;
using MedGen.Sdk.Plugins;
using Microsoft.Extensions.DependencyInjection;

namespace UltrasoundAugmenter;

/// <summary>The entry: the one public class that the host looks for.</summary>
public sealed class UltrasoundPlugin : IMedGenPlugin
{
    /// <inheritdoc />
    public void ConfigureServices(IServiceCollection services, PluginContext context) => services.AddSingleton<IDatasetAugmenter, GainAugmenter>();
}
