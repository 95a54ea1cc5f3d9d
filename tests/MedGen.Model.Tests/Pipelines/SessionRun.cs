using MedGen.Model.Pipelines;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Generation;

namespace MedGen.Model.Tests.Pipelines;

/// <summary>What a session gives from where it is to its end.</summary>
internal sealed record SessionRun(byte[] Pixels, IReadOnlyList<GenerationCheckpoint> Checkpoints)
{
    public static SessionRun Of(MedGenPipeline pipeline, VideoGenerationRequest request, params SessionAdapter[] adapters)
    {
        using GenerationSession session = pipeline.Start(request, adapters);
        return Of(session);
    }

    public static SessionRun Of(GenerationSession session)
    {
        List<byte> pixels = [];
        List<GenerationCheckpoint> checkpoints = [];
        while (!session.IsCompleted)
        {
            foreach (GenerationUpdate update in session.Step())
            {
                update.ShouldNotBeOfType<CheckpointRejected>();
                checkpoints.AddRange(update is GenerationCheckpoint checkpoint ? [checkpoint] : []);
                foreach (VideoFrame frame in (update as GeneratedFrames)?.Frames ?? [])
                {
                    pixels.AddRange(frame.Pixels.ToArray());
                    frame.Dispose();
                }
            }
        }

        return new SessionRun([.. pixels], checkpoints);
    }
}
