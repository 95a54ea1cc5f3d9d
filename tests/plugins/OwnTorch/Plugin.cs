using System.Runtime.CompilerServices;
using MedGen.Sdk.Analysis;
using MedGen.Sdk.Serving;
using MedGen.Sdk.Plugins;
using MedGen.Sdk.Torch.Execution;
using Microsoft.Extensions.DependencyInjection;
using TorchSharp;

namespace OwnTorch;

public sealed class Plugin : IMedGenPlugin
{
    public void ConfigureServices(IServiceCollection services, PluginContext context) =>
        services.AddSingleton<IVideoAnalyzer, TextAnalyzer>();
}

internal sealed class TextAnalyzer(IDeviceExecutor executor) : IVideoAnalyzer
{
    public AnalyzerDescription Describe() => new()
    {
        Task = "test-own-torch",
        Summary = "Says one word.",
        Outputs = [new AnalyzerOutput { Name = "word", Description = "The word.", Kind = OutputKind.Text }],
    };

    public async IAsyncEnumerable<AnalysisUpdate> AnalyzeAsync(AnalysisRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();
        yield return new FinalFindings { Findings = [new TextFinding { Output = "word", Text = await SumAsync(cancellationToken), Language = "en" }] };
        yield return new AnalysisCompleted { FramesAnalyzed = 0 };
    }

    // A tensor made here and read through the host's type: it only works when both mean the same TorchSharp.
    private Task<string> SumAsync(CancellationToken cancellationToken) => executor.RunAsync(
        _ => $"{torch.ones(2, 3).sum().item<float>()} {typeof(torch.Tensor).Assembly.GetHashCode()}", ServicePriority.Normal, cancellationToken);
}
