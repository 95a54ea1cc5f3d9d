using Microsoft.Extensions.DependencyInjection;

namespace MedGen.Sdk.Plugins;

/// <summary>
/// Entry of a plugin assembly: exactly one public class with a public parameterless constructor. The host creates it, lets it register its
/// capabilities, and builds a service provider of the plugin's own from them.
/// </summary>
/// <remarks>
/// The host adds to <c>services</c> beforehand: <see cref="Models.IMedGenModel"/>, <c>ILoggerFactory</c>, <c>TimeProvider</c> and, for plugins that
/// reference MedGen.Sdk.Torch, <c>IDeviceExecutor</c>. A plugin registers what its manifest declares: <see cref="Analysis.IVideoAnalyzer"/> for
/// each task of
/// <see cref="CapabilityKinds.Analysis"/>, <see cref="Generation.IVideoGenerator"/> for <see cref="CapabilityKinds.Generation"/>,
/// <see cref="Augmentation.IDatasetAugmenter"/> for <see cref="CapabilityKinds.Augmentation"/>.
/// </remarks>
public interface IMedGenPlugin
{
    /// <summary>
    /// What the operator can set, and which secrets the plugin takes. The host checks what is set against it before <see cref="ConfigureServices"/>
    /// and refuses the plugin where it does not fit. Default: nothing.
    /// </summary>
    PluginSettings Settings => PluginSettings.None;

    /// <summary>Registers the plugin's services. Must return quickly; long work belongs to <see cref="IPluginSelfTest"/> or to first use.</summary>
    /// <param name="services">The plugin's own services.</param>
    /// <param name="context">Where the plugin lives, and what is set for it.</param>
    void ConfigureServices(IServiceCollection services, PluginContext context);
}
