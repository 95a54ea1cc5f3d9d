using MedGen.Sdk.Generation;
using MedGen.Sdk.Plugins;
using Microsoft.Extensions.DependencyInjection;

namespace PhantomGenerator;

/// <summary>The entry: the one public class that the host looks for.</summary>
public sealed class PhantomPlugin : IMedGenPlugin
{
    /// <inheritdoc />
    public void ConfigureServices(IServiceCollection services, PluginContext context) => services.AddSingleton<IVideoGenerator, HeartGenerator>();
}
