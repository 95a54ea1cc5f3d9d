using System.Runtime.CompilerServices;
using MedGen.Sdk.Analysis;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Plugins;
using MedGen.Application.Plugins;

namespace MedGen.Bench.Serving;

/// <summary>One plugin, whose analyzer answers each frame at once.</summary>
/// <param name="work">How long each frame takes all the same; null: nothing.</param>
internal sealed class InstantCatalog(TimeSpan? work = null) : IPluginCatalog
{
    private static readonly PluginStatus Status = new() { Id = "instant", Version = "1.0.0", State = PluginState.Active, Name = "Instant", Since = default };

    public Task<PluginLease<T>> AcquireAsync<T>(string kind, string? task, string? pluginId, CancellationToken cancellationToken)
        where T : class => new Analyzer(work) is T service
            ? Task.FromResult(new PluginLease<T>(service, Status.Id, Status.Version, _ => { }, _ => { }))
            : throw new FailedPreconditionException("NO_PLUGIN", "This catalog has an analyzer only.");

    public IReadOnlyList<PluginStatus> List() => [Status];

    public PluginStatus GetStatus(string pluginId) => Status;

    public Task<PluginStatus> ReloadAsync(string pluginId, CancellationToken cancellationToken) => Task.FromResult(Status);

    public Task<PluginStatus> EnableAsync(string pluginId, CancellationToken cancellationToken) => Task.FromResult(Status);

    public Task<PluginStatus> DisableAsync(string pluginId, CancellationToken cancellationToken) => Task.FromResult(Status);

    public Task<long> EraseDataAsync(string pluginId, CancellationToken cancellationToken) => Task.FromResult(0L);

    public Task UseAsync(string capability, string? task, string? pluginId, CancellationToken cancellationToken) => Task.CompletedTask;

    private sealed class Analyzer(TimeSpan? work) : IVideoAnalyzer
    {
        private static readonly AnalyzerDescription Description = new()
        {
            Task = "instant",
            Summary = "Answers at once.",
            Outputs =
            [
                new AnalyzerOutput
                {
                    Name = "label", Description = "One of two.", Kind = OutputKind.Labels, Labels = OutputLabel.Of("one", "two"), Exclusive = true,
                },
            ],
        };

        public AnalyzerDescription Describe() => Description;

        public async IAsyncEnumerable<AnalysisUpdate> AnalyzeAsync(AnalysisRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            int count = 0;
            await foreach (VideoFrame frame in request.Clip.ReadFramesAsync(FrameSampling.All, cancellationToken))
            {
                using (frame)
                {
                    if (work is { } time)
                    {
                        await Task.Delay(time, cancellationToken);
                    }

                    count++;
                    yield return new InterimFindings { Findings = [Finding(FindingScope.Frame(frame))] };
                }
            }

            yield return new FinalFindings { Findings = [Finding(FindingScope.Clip)] };
            yield return new AnalysisCompleted { FramesAnalyzed = count };
        }

        private static LabelFinding Finding(FindingScope scope) => new() { Output = "label", Scope = scope, Labels = ["one"], Probabilities = [1, 0] };
    }
}
