using System.Runtime.CompilerServices;
using MedGen.Sdk.Analysis;
using MedGen.Sdk.Parameters;
using MedGen.Sdk.Plugins;
using Microsoft.Extensions.DependencyInjection;

namespace Misbehaving;

public sealed class Plugin : IMedGenPlugin
{
    public void ConfigureServices(IServiceCollection services, PluginContext context) =>
        services.AddSingleton<IVideoAnalyzer, MisbehavingAnalyzer>();
}

/// <summary>Does what its parameter says, none of which a plugin may do.</summary>
internal sealed class MisbehavingAnalyzer : IVideoAnalyzer
{
    public AnalyzerDescription Describe() => new()
    {
        Task = "test-misbehaving",
        Summary = "Misbehaves.",
        Outputs = [new AnalyzerOutput { Name = "word", Description = "The word.", Kind = OutputKind.Text }],
        ParametersSchema = ParameterSchema.Of<Parameters>(),
    };

    public async IAsyncEnumerable<AnalysisUpdate> AnalyzeAsync(AnalysisRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return new AnalysisProgress { FramesDone = 1, FramesTotal = 1 };
        switch (request.ReadParameters<Parameters>().How)
        {
            case Misbehaviour.Hang:
                await Task.Delay(Timeout.Infinite, CancellationToken.None);
                break;
            case Misbehaviour.Block:
                new ManualResetEvent(false).WaitOne();
                break;
            case Misbehaviour.Crash:
                Environment.FailFast("as its parameter says");
                break;
            case Misbehaviour.WrongAnswer:
                yield return new FinalFindings { Findings = [new TextFinding { Output = "colour", Text = "x", Language = "en" }] };
                break;
        }

        yield return new FinalFindings { Findings = [new TextFinding { Output = "word", Text = "well", Language = "en" }] };
        yield return new AnalysisCompleted { FramesAnalyzed = 0 };
    }

    private enum Misbehaviour
    {
        None,
        Hang,
        Block,
        Crash,
        WrongAnswer,
    }

    private sealed record Parameters
    {
        public Misbehaviour How { get; init; }
    }
}
