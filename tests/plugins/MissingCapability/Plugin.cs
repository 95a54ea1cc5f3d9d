using MedGen.Sdk.Plugins;
using Microsoft.Extensions.DependencyInjection;

namespace MissingCapability;

public sealed class Plugin : IMedGenPlugin
{
    public void ConfigureServices(IServiceCollection services, PluginContext context)
    {
        // Declares an analyzer in plugin.json and registers none.
    }
}
