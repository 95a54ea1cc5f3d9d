using MedGen.Abstractions.Frames;
using MedGen.Abstractions.Generation;
using MedGen.Datasets.Clips;
using MedGen.Model.Pipelines;
using MedGen.Training.Recipes;

namespace MedGen.Training.Running;

/// <summary>Generates a clip the way a user does: a request through the pipeline.</summary>
internal static class GeneratedClip
{
    /// <summary>Generates one.</summary>
    /// <param name="pipeline">The model.</param>
    /// <param name="prompt">What to show.</param>
    /// <param name="seed">Seed of the noise.</param>
    /// <param name="shape">Size and length.</param>
    /// <param name="sampling">Steps, guidance and shift.</param>
    /// <returns>R, G, B bytes, frame by frame.</returns>
    public static byte[] Make(MedGenPipeline pipeline, string prompt, long seed, ClipShape shape, SampleOptions sampling)
    {
        using GenerationSession session = pipeline.Start(new VideoGenerationRequest
        {
            Prompt = prompt, Width = shape.Width, Height = shape.Height, NumFrames = shape.Frames, FramesPerSecond = shape.FramesPerSecond, Seed = seed,
            NumInferenceSteps = sampling.Steps, GuidanceScale = sampling.GuidanceScale, Shift = sampling.Shift,
        });
        byte[] clip = new byte[shape.Bytes];
        int at = 0;
        while (!session.IsCompleted)
        {
            foreach (VideoFrame frame in session.Step().OfType<GeneratedFrames>().SelectMany(update => update.Frames))
            {
                using (frame)
                {
                    frame.Pixels.CopyTo(clip.AsMemory(at));
                    at += shape.FrameBytes;
                }
            }
        }

        return clip;
    }
}
