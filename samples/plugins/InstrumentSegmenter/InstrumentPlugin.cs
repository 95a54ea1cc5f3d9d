using MedGen.Sdk.Analysis;
using MedGen.Sdk.Parameters;
using MedGen.Sdk.Plugins;
using Microsoft.Extensions.DependencyInjection;

namespace InstrumentSegmenter;

/// <summary>The entry: the one public class that the host looks for.</summary>
public sealed class InstrumentPlugin : IMedGenPlugin
{
    /// <inheritdoc />
    public PluginSettings Settings => new() { Schema = ParameterSchema.Of<InstrumentSettings>() };

    /// <inheritdoc />
    public void ConfigureServices(IServiceCollection services, PluginContext context)
    {
        InstrumentSettings settings = context.ReadSettings<InstrumentSettings>();
        services.AddSingleton<IVideoAnalyzer>(new InstrumentAnalyzer(settings));
    }
}
