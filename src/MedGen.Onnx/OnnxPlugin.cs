using System.Security.Cryptography;
using MedGen.Onnx.Spec;
using MedGen.Sdk.Analysis;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Plugins;
using Microsoft.Extensions.DependencyInjection;

namespace MedGen.Onnx;

/// <summary>The code of every plugin that has none of its own: it does what <c>onnx.json</c> in the plugin's folder says.</summary>
public sealed class OnnxPlugin : IMedGenPlugin
{
    /// <inheritdoc />
    /// <exception cref="InvalidInputException"><c>onnx.json</c> breaks a rule.</exception>
    public void ConfigureServices(IServiceCollection services, PluginContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        OnnxSpec spec = OnnxSpecReader.Read(context.Directory);
        string model = Path.Combine(context.Directory, spec.Model);
        if (!File.Exists(model))
        {
            throw new InvalidInputException($"{OnnxSpec.FileName}: model", $"'{spec.Model}' is missing in the plugin's folder.");
        }

        string task = context.Manifest.Capabilities.First(capability => capability.Kind == CapabilityKinds.Analysis).Task!;
        string hash = context.Manifest.Files.GetValueOrDefault(spec.Model) ?? HashOf(model);
        services.AddSingleton(_ => new OnnxAnalyzer(task, context.Directory, spec, hash));
        services.AddSingleton<IVideoAnalyzer>(provider => provider.GetRequiredService<OnnxAnalyzer>());
        services.AddSingleton<IPluginSelfTest, BlackFrameTest>();
    }

    private static string HashOf(string path)
    {
        using FileStream file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    private sealed class BlackFrameTest(OnnxAnalyzer analyzer) : IPluginSelfTest
    {
        public Task RunAsync(CancellationToken cancellationToken)
        {
            analyzer.Try(cancellationToken);
            return Task.CompletedTask;
        }
    }
}
