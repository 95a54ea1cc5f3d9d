using System.Runtime.CompilerServices;
using System.Text.Json;
using MedGen.Sdk.Analysis;
using MedGen.Sdk.Plugins;
using Microsoft.Extensions.DependencyInjection;

namespace GoodV1;

public sealed class Plugin : IMedGenPlugin
{
    public void ConfigureServices(IServiceCollection services, PluginContext context) =>
        services.AddSingleton<IVideoAnalyzer, TextAnalyzer>();
}

internal sealed class TextAnalyzer : IVideoAnalyzer
{
    public AnalyzerDescription Describe() => new()
    {
        Task = "test-good",
        Summary = "Says one word.",
        Outputs = [new AnalyzerOutput { Name = "word", Description = "The word.", Kind = OutputKind.Text }],
    };

    public async IAsyncEnumerable<AnalysisUpdate> AnalyzeAsync(AnalysisRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();

        // The serializer's shared options remember this type: unloading must survive it.
        Answer answer = JsonSerializer.Deserialize<Answer>(JsonSerializer.Serialize(new Answer("v1")))!;
        yield return new FinalFindings { Findings = [new TextFinding { Output = "word", Text = answer.Label, Language = "en" }] };
        yield return new AnalysisCompleted { FramesAnalyzed = 0 };
    }
}

internal sealed record Answer(string Label);
