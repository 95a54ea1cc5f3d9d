using MedGen.Application.Artifacts;
using MedGen.Application.Jobs;
using MedGen.Application.Jobs.Running;
using MedGen.Application.Plugins;
using MedGen.Media;
using MedGen.Sdk.Analysis;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Parameters;
using MedGen.Sdk.Plugins;
using Microsoft.Extensions.Options;

namespace MedGen.Application.Analysis;

/// <summary>Runs an analysis job: opens the artifacts, borrows the analyzer, passes its checked findings on.</summary>
internal sealed class AnalysisWork(
    IPluginCatalog catalog,
    PluginCalls calls,
    IArtifactStore artifacts,
    IJobStore jobs,
    IVideoReader reader,
    IOptions<MedGenApplicationOptions> options,
    TimeProvider time) : IJobWork
{
    public JobKind Kind => JobKind.Classification;

    public async Task RunAsync(ClaimedJob claimed, JobReporter reporter, CancellationToken cancellationToken)
    {
        AnalyzeVideo request = JobJson.Read<AnalyzeVideo>(claimed.Request);
        using PluginLease<IVideoAnalyzer> lease = await catalog.AcquireAsync<IVideoAnalyzer>(
            CapabilityKinds.Analysis, request.Task, request.PluginId, cancellationToken).ConfigureAwait(false);
        AnalyzerDescription description = lease.Service.Describe();
        AnalysisRequest asked = new()
        {
            Inputs = await OpenAsync(description, request.Inputs, cancellationToken).ConfigureAwait(false),
            Parameters = request.Parameters ?? ParameterSchema.NoParameters,
        };

        // Another version of the plugin may serve by now.
        ParameterRules.ThrowIfBroken(description.ParametersSchema, asked.Parameters);
        ToldBefore told = await ToldBefore.ReadAsync(jobs, claimed.Job, cancellationToken).ConfigureAwait(false);
        AnalyzerIdentity analyzer = AnalyzerIdentity.Of(lease, description);
        FindingEvents events = new(reporter, analyzer, told, artifacts, claimed.Job, time, options.Value.ProgressInterval);
        IAsyncEnumerable<AnalysisUpdate> updates = CheckedAnalysis.RunAsync(calls, lease, description, asked, cancellationToken);
        await foreach (AnalysisUpdate update in updates.ConfigureAwait(false))
        {
            switch (update)
            {
                case AnalysisProgress progress:
                    JobProgressed done = new() { Stage = JobStage.Analyzing, StepsDone = progress.FramesDone, StepsTotal = progress.FramesTotal };
                    await reporter.ReportAsync(done, cancellationToken).ConfigureAwait(false);
                    break;
                case InterimFindings interim when request.IncludeInterim && interim.Findings.Count > 0:
                    FindingsReported soFar = new() { Findings = interim.Findings, Interim = true, Analyzer = analyzer };
                    await reporter.ReportAsync(soFar, cancellationToken).ConfigureAwait(false);
                    break;
                case FinalFindings final:
                    await events.AddAsync(final.Findings, cancellationToken).ConfigureAwait(false);
                    break;
                case AnalysisCompleted completed:
                    await events.CompleteAsync(completed, cancellationToken).ConfigureAwait(false);
                    break;
            }
        }
    }

    private async Task<IReadOnlyList<InputClip>> OpenAsync(
        AnalyzerDescription description, IReadOnlyList<AnalysisInput> inputs, CancellationToken cancellationToken)
    {
        Violations violations = new();
        InputRules.Check(description, inputs, violations);
        violations.ThrowIfAny();
        List<InputClip> clips = [];
        foreach (AnalyzerInput wanted in description.Inputs)
        {
            AnalysisInput input = inputs.First(one => InputRules.RoleOf(description, one) == wanted.Role);
            IVideoClip clip = await reader.OpenArtifactsAsync(artifacts, input.ArtifactIds, cancellationToken).ConfigureAwait(false);
            InputRules.Check(wanted, clip.Info, $"inputs.{wanted.Role}", violations);
            clips.Add(new InputClip { Role = wanted.Role, Clip = FormattedClip.For(wanted, clip) ?? clip });
        }

        violations.ThrowIfAny();
        return clips;
    }
}
