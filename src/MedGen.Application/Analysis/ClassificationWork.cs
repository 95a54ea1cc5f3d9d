using MedGen.Application.Artifacts;
using MedGen.Application.Jobs;
using MedGen.Application.Jobs.Running;
using MedGen.Application.Plugins;
using MedGen.Media;
using MedGen.Sdk.Classification;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Plugins;

namespace MedGen.Application.Analysis;

/// <summary>Runs a classification job: opens the artifact, borrows the classifier, passes its answers on.</summary>
internal sealed class ClassificationWork(IPluginCatalog catalog, IArtifactStore artifacts, IJobStore jobs, IVideoReader reader, TimeProvider time)
    : IJobWork
{
    public JobKind Kind => JobKind.Classification;

    public async Task RunAsync(ClaimedJob claimed, JobReporter reporter, CancellationToken cancellationToken)
    {
        ClassifyVideo request = JobJson.Read<ClassifyVideo>(claimed.Request);
        IVideoClip clip = await reader.OpenArtifactAsync(artifacts, request.ArtifactId, cancellationToken).ConfigureAwait(false);
        using PluginLease<IVideoClassifier> lease = await catalog.AcquireAsync<IVideoClassifier>(
            PluginCapabilityKind.VideoClassifier, request.Task, request.PluginId, cancellationToken).ConfigureAwait(false);
        ClassifierIdentity classifier = ClassifierIdentity.Of(lease);
        ToldBefore told = await ToldBefore.ReadAsync(jobs, claimed.Job, cancellationToken).ConfigureAwait(false);
        int frames = 0;
        bool answered = false;
        ClassificationOptions options = request.Parameters is { } parameters ? new() { Parameters = parameters } : ClassificationOptions.Default;
        IAsyncEnumerable<ClassificationUpdate> updates =
            PluginCall.Watch(lease, lease.Service.ClassifyAsync(clip, options, cancellationToken), time);
        await foreach (ClassificationUpdate update in updates.ConfigureAwait(false))
        {
            switch (update)
            {
                case FramePrediction frame:
                    frames++;
                    JobProgressed progress = new() { Stage = JobStage.Classifying, StepsDone = frames, StepsTotal = 0 };
                    await reporter.ReportAsync(progress, cancellationToken).ConfigureAwait(false);
                    if (request.IncludeFrames && !told.Contains(frame))
                    {
                        await reporter.ReportAsync(new FrameClassified { Prediction = frame, Classifier = classifier }, cancellationToken)
                            .ConfigureAwait(false);
                    }

                    break;
                case TransitionDetected transition when !told.Contains(transition):
                    await reporter.ReportAsync(new TransitionClassified { Transition = transition }, cancellationToken).ConfigureAwait(false);
                    break;
                case ClipPrediction answer:
                    answered = true;
                    if (!told.Contains(answer))
                    {
                        await reporter.ReportAsync(new ClipClassified { Prediction = answer, Classifier = classifier }, cancellationToken)
                            .ConfigureAwait(false);
                    }

                    break;
            }
        }

        if (!answered)
        {
            throw new FailedPreconditionException(
                "PLUGIN_INCOMPLETE", $"The plugin '{lease.PluginId}' {lease.PluginVersion} ended without an answer for the clip.");
        }
    }
}
