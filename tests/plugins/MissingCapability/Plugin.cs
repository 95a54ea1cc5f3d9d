using MedGen.Sdk.Plugins;
using Microsoft.Extensions.DependencyInjection;

namespace MissingCapability;

public sealed class Plugin : IMedGenPlugin
{
    public void ConfigureServices(IServiceCollection services, PluginContext context)
    {
        // Declares a classifier in plugin.json and registers none.
    }
}
