using System.Text.Json;
using MedGen.Abstractions.Classification;
using MedGen.Abstractions.Errors;
using MedGen.Abstractions.Frames;
using MedGen.Abstractions.Plugins;
using MedGen.Application.Artifacts;
using MedGen.Application.Jobs;
using MedGen.Application.Plugins;
using MedGen.Media;

namespace MedGen.Application.Analysis;

/// <summary>Runs a classification job: opens the artifact, borrows the classifier, passes its answers on.</summary>
internal sealed class ClassificationWork(IPluginCatalog catalog, IArtifactStore artifacts, IVideoReader reader) : IJobWork
{
    public JobKind Kind => JobKind.Classification;

    public async Task RunAsync(ClaimedJob claimed, JobReporter reporter, CancellationToken cancellationToken)
    {
        ClassifyVideo request = JsonSerializer.Deserialize<ClassifyVideo>(claimed.Request, JobJson.Options)!;
        IVideoClip clip = await reader.OpenArtifactAsync(artifacts, request.ArtifactId, cancellationToken);
        using PluginLease<IVideoClassifier> lease = await catalog.AcquireAsync<IVideoClassifier>(
            PluginCapabilityKind.VideoClassifier, request.Task, request.PluginId, cancellationToken);
        ClassifierIdentity classifier = ClassifierIdentity.Of(lease);
        int frames = 0;
        bool answered = false;
        ClassificationOptions options = request.Parameters is { } parameters ? new() { Parameters = parameters } : ClassificationOptions.Default;
        await foreach (ClassificationUpdate update in lease.Service.ClassifyAsync(clip, options, cancellationToken))
        {
            switch (update)
            {
                case FramePrediction frame:
                    frames++;
                    JobProgressed progress = new() { Stage = JobStage.Classifying, StepsDone = frames, StepsTotal = 0 };
                    await reporter.ReportAsync(progress, cancellationToken);
                    if (request.IncludeFrames)
                    {
                        await reporter.ReportAsync(new FrameClassified { Prediction = frame, Classifier = classifier }, cancellationToken);
                    }

                    break;
                case TransitionDetected transition:
                    await reporter.ReportAsync(new TransitionClassified { Transition = transition }, cancellationToken);
                    break;
                case ClipPrediction answer:
                    answered = true;
                    await reporter.ReportAsync(new ClipClassified { Prediction = answer, Classifier = classifier }, cancellationToken);
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
