using System.Runtime.CompilerServices;
using MedGen.Sdk.Analysis;

namespace MedGen.PluginHost.Isolation;

/// <summary>An analyzer in a process of its own, as the host calls it.</summary>
/// <param name="code">The plugin.</param>
/// <param name="description">What it said of itself when it was loaded.</param>
internal sealed class IsolatedAnalyzer(IsolatedCode code, AnalyzerDescription description) : IVideoAnalyzer
{
    public AnalyzerDescription Describe() => description;

    public async Task ValidateAsync(AnalysisRequest request, CancellationToken cancellationToken)
    {
        WorkerProcess worker = await code.ReadyAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await worker.AskAsync(new ValidateAnalysis(description.Task, request.Parameters), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            code.Served(worker);
        }
    }

    public async IAsyncEnumerable<AnalysisUpdate> AnalyzeAsync(
        AnalysisRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        WorkerProcess worker = await code.ReadyAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await foreach (AnalysisUpdate update in worker.AnalyzeAsync(description.Task, request, cancellationToken).ConfigureAwait(false))
            {
                yield return update;
            }

            code.Completed();
        }
        finally
        {
            code.Served(worker);
        }
    }
}
