using MedGen.Sdk.Analysis;

namespace MedGen.PluginHost.Isolation;

/// <summary>An analyzer in a process of its own, as the host calls it.</summary>
/// <param name="code">The plugin.</param>
/// <param name="description">What it said of itself when it was loaded.</param>
internal sealed class IsolatedAnalyzer(IsolatedCode code, AnalyzerDescription description) : IVideoAnalyzer
{
    public AnalyzerDescription Describe() => description;

    public Task ValidateAsync(AnalysisRequest request, CancellationToken cancellationToken) =>
        code.AskAsync(new ValidateAnalysis(description.Task, request.Parameters), [], cancellationToken);

    public IAsyncEnumerable<AnalysisUpdate> AnalyzeAsync(AnalysisRequest request, CancellationToken cancellationToken)
    {
        Analyze.Input[] inputs = [.. request.Inputs.Select(input => Analyze.Input.Of(input.Role, input.Clip))];
        return code.StreamAsync(
            model => new Analyze(description.Task, request.Parameters, inputs, model), payload: default,
            [.. request.Inputs.Select(input => input.Clip)], (update, payload) => update.ToAnalysis(payload), cancellationToken);
    }
}
