using MedGen.Training.Clips;
using MedGen.Training.Optimization;
using MedGen.Training.Recipes;
using MedGen.Training.Running;

namespace MedGen.Training.Autoencoders;

/// <summary>Draws batches of clips and of single frames, cropped at random, from the cache.</summary>
/// <param name="seed">Seed of the recipe.</param>
/// <param name="stages">For each stage the clips with enough frames, and the stills of those that have too few.</param>
internal sealed class VideoBatches(int seed, IReadOnlyList<(ClipMix<PreparedClip> Clips, ClipMix<PreparedClip> Stills)> stages)
{
    /// <summary>The batch of a place in the run.</summary>
    public VideoBatch Make(TrainingPlace place)
    {
        Random random = StepRandom.Create(seed, $"autoencoder {place.Purpose}", place.Step, place.Part);
        (ClipMix<PreparedClip> clips, ClipMix<PreparedClip> stills) = stages[place.StageIndex];
        StageRecipe stage = place.Stage;
        bool still = clips.IsEmpty || random.NextDouble() < stage.StillShare;
        int frames = still ? 1 : stage.NumFrames;
        int height = stage.Crop ?? stage.Height;
        int width = stage.Crop ?? stage.Width;
        byte[] pixels = new byte[stage.Batch * frames * height * width * 3];
        for (int i = 0; i < stage.Batch; i++)
        {
            // A still is a still of a folder, or any frame of a clip.
            PreparedClip clip = (still && !stills.IsEmpty && (clips.IsEmpty || random.Next(2) == 0) ? stills : clips).Draw(random);
            int first = random.Next(clip.Shape.NumFrames - frames + 1);
            Copy(clip, first, frames, random.Next(clip.Shape.Height - height + 1), random.Next(clip.Shape.Width - width + 1), height, width,
                pixels.AsSpan(i * (pixels.Length / stage.Batch)));
        }

        return new VideoBatch(pixels, stage.Batch, frames, height, width);
    }

    private static void Copy(PreparedClip clip, int first, int frames, int top, int left, int height, int width, Span<byte> target)
    {
        byte[] whole = File.ReadAllBytes(clip.Path);
        for (int row = 0; row < frames * height; row++)
        {
            (int frame, int y) = Math.DivRem(row, height);
            whole.AsSpan(((first + frame) * clip.Shape.FrameBytes) + ((((top + y) * clip.Shape.Width) + left) * 3), width * 3)
                .CopyTo(target[(row * width * 3)..]);
        }
    }
}
