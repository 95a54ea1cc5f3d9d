using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Runtime.CompilerServices;
using MedGen.Sdk.Analysis;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Parameters;
using MedGen.Sdk.Plugins;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Settled;

public sealed class Plugin : IMedGenPlugin
{
    public PluginSettings Settings => new()
    {
        Schema = ParameterSchema.Of<Wishes>(),
        Secrets =
        [
            new PluginSecretDescription { Name = "api_key", Description = "Key of the service." },
            new PluginSecretDescription { Name = "proxy_password", Description = "Password of a proxy.", Optional = true },
        ],
    };

    public void ConfigureServices(IServiceCollection services, PluginContext context)
    {
        if (context.ReadSettings<Wishes>().Greeting == "fail")
        {
            throw new InvalidOperationException($"the key {context.Secrets["api_key"].Reveal()} is wrong");
        }

        services.AddSingleton(context);
        services.AddSingleton<IVideoAnalyzer, SettledAnalyzer>();
    }
}

internal sealed record Wishes
{
    [Range(1, 10), Description("How many.")]
    public int Limit { get; init; } = 3;

    [StringLength(20)]
    public string Greeting { get; init; } = "hello";
}

/// <summary>Says what it was told, or does with it what its parameter says.</summary>
internal sealed class SettledAnalyzer(PluginContext context, ILogger<SettledAnalyzer> logger) : IVideoAnalyzer
{
    private string Secret => context.Secrets["api_key"].Reveal();

    public AnalyzerDescription Describe() => new()
    {
        Task = "test-settled",
        Summary = "Says what it was told.",
        Outputs = [new AnalyzerOutput { Name = "word", Description = "The word.", Kind = OutputKind.Text }],
        ParametersSchema = ParameterSchema.Of<Parameters>(),
    };

    public async IAsyncEnumerable<AnalysisUpdate> AnalyzeAsync(AnalysisRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();
        string weights = "";
        switch (request.ReadParameters<Parameters>().Act)
        {
            case Act.Tell:
                throw new InvalidInputException("parameters.act", $"got {Secret}; allowed: something else.");
            case Act.Log:
                logger.Log(LogLevel.Warning, default, $"the key is {Secret}", exception: null, (text, _) => text);
                Console.WriteLine($"printed {Secret}");
                for (int i = 0; i < 1000; i++)
                {
                    Console.Error.WriteLine($"line {i}");
                }

                break;
            case Act.Weights:
                using (StreamReader reader = new(await context.OpenWeightsAsync("weights/w.bin", cancellationToken)))
                {
                    weights = $" weights {await reader.ReadToEndAsync(cancellationToken)}";
                }

                break;
            case Act.Write:
                await File.WriteAllBytesAsync(Path.Combine(context.DataFolder!, "kept"), new byte[60_000], cancellationToken);
                break;
            case Act.Fill:
                await File.WriteAllBytesAsync(Path.Combine(context.DataFolder!, "more"), new byte[60_000], cancellationToken);
                break;
            case Act.FillAndStay:
                await File.WriteAllBytesAsync(Path.Combine(context.DataFolder!, "more"), new byte[120_000], cancellationToken);
                await Task.Delay(Timeout.Infinite, cancellationToken);
                break;
        }

        Wishes wishes = context.ReadSettings<Wishes>();
        string files = string.Join(",", Directory.GetFiles(context.DataFolder!).Select(Path.GetFileName).Order());
        string text = $"{wishes.Greeting} {wishes.Limit} {Secret.Length} {context.Secrets.Count} [{files}] {context.SdkVersion} {context.HostVersion} {context.DeviceKind}{weights}";
        yield return new FinalFindings { Findings = [new TextFinding { Output = "word", Text = text, Language = "en" }] };
        yield return new AnalysisCompleted { FramesAnalyzed = 0 };
    }

    private enum Act
    {
        None,
        Tell,
        Log,
        Weights,
        Write,
        Fill,
        FillAndStay,
    }

    private sealed record Parameters
    {
        public Act Act { get; init; }
    }
}
