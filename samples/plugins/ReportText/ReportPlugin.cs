using MedGen.Sdk.Analysis;
using MedGen.Sdk.Plugins;
using Microsoft.Extensions.DependencyInjection;

namespace ReportText;

/// <summary>The entry: the one public class that the host looks for.</summary>
public sealed class ReportPlugin : IMedGenPlugin
{
    /// <inheritdoc />
    public void ConfigureServices(IServiceCollection services, PluginContext context) =>
        services.AddSingleton<IVideoAnalyzer, ReportAnalyzer>();
}
