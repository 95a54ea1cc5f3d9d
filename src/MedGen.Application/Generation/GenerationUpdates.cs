using System.Runtime.CompilerServices;
using MedGen.Application.Artifacts;
using MedGen.Application.Jobs;
using MedGen.Application.Jobs.Running;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Generation;

namespace MedGen.Application.Generation;

/// <summary>
/// Takes what a running generation says apart: frames go on to the writer, the rest into the job's log and the store of checkpoints.
/// </summary>
internal sealed class GenerationUpdates(Job job, JobCheckpoints checkpoints, JobReporter reporter, GenerationProvenance provenance)
{
    /// <summary>The frames; each belongs to whoever takes it.</summary>
    /// <exception cref="FailedPreconditionException">There are more or fewer than were asked for.</exception>
    public async IAsyncEnumerable<VideoFrame> FramesOf(
        IAsyncEnumerable<GenerationUpdate> updates, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        int count = 0;

        // Whoever reads on after the cancellation gets a last checkpoint: so what is written in between must not end the loop; the generation does.
        await foreach (GenerationUpdate update in updates.WithCancellation(cancellationToken))
        {
            switch (update)
            {
                case GenerationProgress progress:
                    await reporter.ReportAsync(ToProgress(progress), CancellationToken.None).ConfigureAwait(false);
                    break;
                case GenerationWarning warning when job.Attempt <= 1:
                    await reporter.ReportAsync(
                        new JobWarned { Message = warning.Message, UnknownWords = warning.UnknownWords }, CancellationToken.None)
                        .ConfigureAwait(false);
                    break;
                case GenerationCheckpoint checkpoint:
                    await checkpoints.SaveAsync(job.Id, checkpoint, reporter).ConfigureAwait(false);
                    break;
                case CheckpointRejected rejected:
                    await checkpoints.RejectAsync(job.Id, rejected, reporter).ConfigureAwait(false);
                    break;
                case GenerationPreview preview:
                    using (preview.Frame)
                    {
                        await reporter.ReportAsync(
                            await PreviewImage.CreateAsync(preview.Step, preview.Frame, provenance.Id, CancellationToken.None)
                                .ConfigureAwait(false), CancellationToken.None).ConfigureAwait(false);
                    }

                    break;
                case GeneratedFrames generated:
                    foreach (VideoFrame frame in generated.Frames)
                    {
                        count++;
                        yield return frame;
                    }

                    break;
            }
        }

        if (count != provenance.NumFrames)
        {
            throw new FailedPreconditionException(
                "PLUGIN_INCOMPLETE",
                $"The plugin '{provenance.PluginId}' {provenance.PluginVersion} gave {count} frames where {provenance.NumFrames} were asked for.");
        }
    }

    private static JobProgressed ToProgress(GenerationProgress progress) => new()
    {
        Stage = progress.Stage switch
        {
            GenerationStage.EncodingPrompt => JobStage.EncodingPrompt,
            GenerationStage.EncodingSource => JobStage.EncodingSource,
            GenerationStage.Denoising => JobStage.Denoising,
            GenerationStage.Decoding => JobStage.Decoding,
            _ => JobStage.Preparing,
        },
        StepsDone = progress.Completed,
        StepsTotal = progress.Total,
        Position = progress.Position,
        TimeLeft = progress.TimeLeft,
    };
}
