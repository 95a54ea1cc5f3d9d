using MedGen.Sdk.Frames;
using MedGen.Sdk.Generation;
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
    /// <param name="firstFrame">R, G, B bytes of the picture that the clip begins with, of its size; without one it is made from text alone.</param>
    /// <returns>R, G, B bytes, frame by frame.</returns>
    public static byte[] Make(
        MedGenPipeline pipeline, string prompt, long seed, ClipShape shape, SampleOptions sampling, byte[]? firstFrame = null)
    {
        using VideoFrame? first = firstFrame is null ? null : VideoFrame.Wrap(firstFrame, shape.Width, shape.Height);
        VideoGenerationRequest request = new()
        {
            Prompt = prompt, Width = shape.Width, Height = shape.Height, NumFrames = shape.NumFrames, FramesPerSecond = shape.FramesPerSecond,
            Seed = seed, FirstFrame = first,
            NumInferenceSteps = sampling.Steps, GuidanceScale = sampling.GuidanceScale, Wan = new WanOptions { Shift = sampling.Shift },
        };
        ClipBuffer clip = new(shape);
        foreach (VideoFrame frame in pipeline.Generate(request))
        {
            using (frame)
            {
                clip.Add(frame);
            }
        }

        return clip.ToArray();
    }
}
