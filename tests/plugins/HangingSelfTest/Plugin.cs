using System.Runtime.CompilerServices;
using MedGen.Sdk.Analysis;
using MedGen.Sdk.Plugins;
using Microsoft.Extensions.DependencyInjection;

namespace HangingSelfTest;

public sealed class Plugin : IMedGenPlugin
{
    public void ConfigureServices(IServiceCollection services, PluginContext context) =>
        services.AddSingleton<IVideoAnalyzer, TextAnalyzer>().AddSingleton<IPluginSelfTest, HangingTest>();
}

internal sealed class TextAnalyzer : IVideoAnalyzer
{
    public AnalyzerDescription Describe() => new()
    {
        Task = "test-hanging",
        Summary = "Says one word.",
        Outputs = [new AnalyzerOutput { Name = "word", Description = "The word.", Kind = OutputKind.Text }],
    };

    public async IAsyncEnumerable<AnalysisUpdate> AnalyzeAsync(AnalysisRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();
        yield return new FinalFindings { Findings = [new TextFinding { Output = "word", Text = "x", Language = "en" }] };
        yield return new AnalysisCompleted { FramesAnalyzed = 0 };
    }
}

internal sealed class HangingTest : IPluginSelfTest
{
    // Blocks its thread and ignores its token: the worst case.
    public Task RunAsync(CancellationToken cancellationToken)
    {
        new ManualResetEvent(false).WaitOne();
        return Task.CompletedTask;
    }
}
