using System.Runtime.CompilerServices;
using MedGen.Sdk.Analysis;
using MedGen.Sdk.Plugins;
using Microsoft.Extensions.DependencyInjection;

namespace Leaking;

public sealed class Plugin : IMedGenPlugin
{
    public void ConfigureServices(IServiceCollection services, PluginContext context) 
    {
        services.AddSingleton<IVideoAnalyzer, TextAnalyzer>();

        // A handler on an event of the runtime, never taken off: the runtime then refers to this plugin for ever.
        AppDomain.CurrentDomain.ProcessExit += OnExit;
    }

    private static void OnExit(object? sender, EventArgs e)
    {
    }
}

internal sealed class TextAnalyzer : IVideoAnalyzer
{
    public AnalyzerDescription Describe() => new()
    {
        Task = "test-leaking",
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
