using System.Runtime.CompilerServices;
using MedGen.Application.Plugins;
using MedGen.Sdk.Analysis;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;

namespace MedGen.Application.Analysis;

/// <summary>An analyzer's answer, each update of which has been checked: what is wrong ends the analysis, and nothing of it is passed on.</summary>
internal static class CheckedAnalysis
{
    /// <summary>Runs an analysis.</summary>
    /// <param name="calls">Watches the call.</param>
    /// <param name="lease">The analyzer on loan.</param>
    /// <param name="description">Its description.</param>
    /// <param name="request">What is asked.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The updates; the last one is <see cref="AnalysisCompleted"/>.</returns>
    /// <exception cref="PluginViolationException">The plugin answered what its description, or the SDK, does not allow, or not to the
    /// end.</exception>
    public static async IAsyncEnumerable<AnalysisUpdate> RunAsync(
        PluginCalls calls, PluginLease<IVideoAnalyzer> lease, AnalyzerDescription description, AnalysisRequest request,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Dictionary<string, VideoInfo> inputs = request.Inputs.ToDictionary(input => input.Role, input => input.Clip.Info, StringComparer.Ordinal);
        FindingRules rules = new(description, inputs);
        IAsyncEnumerable<AnalysisUpdate> updates =
            calls.StreamAsync(lease, (analyzer, token) => analyzer.AnalyzeAsync(request, token), cancellationToken);
        await foreach (AnalysisUpdate update in updates.ConfigureAwait(false))
        {
            Violations violations = new();
            rules.Check(update, violations);
            if (violations.Found is [var first, ..])
            {
                lease.Report(wentWell: false);
                throw new PluginViolationException(lease.PluginId, lease.PluginVersion, first);
            }

            yield return update;
        }

        if (!rules.IsCompleted)
        {
            lease.Report(wentWell: false);
            FieldViolation missing = new("update", "the answer ended without AnalysisCompleted.");
            throw new PluginViolationException(lease.PluginId, lease.PluginVersion, missing);
        }
    }
}
