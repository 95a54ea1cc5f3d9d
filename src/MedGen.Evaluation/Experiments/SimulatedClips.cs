using MedGen.Phantoms;
using MedGen.Sdk.Frames;

namespace MedGen.Evaluation.Experiments;

/// <summary>Simulated clips of a concept.</summary>
internal static class SimulatedClips
{
    /// <summary>First seed of clips that judges learn from.</summary>
    public const int ReferenceSeed = 500_000;

    /// <summary>First seed of clips that nobody learnt from: trainings use seeds far below.</summary>
    public const int HeldOutSeed = 1_000_000;

    private const int MostSeeds = 20_000;

    /// <summary>The first clips of a concept.</summary>
    /// <param name="concept">Kind and label.</param>
    /// <param name="count">How many.</param>
    /// <param name="firstSeed">Where the seeds begin.</param>
    /// <param name="shape">Size and length.</param>
    /// <returns>The clips; their frames are not computed yet.</returns>
    public static IReadOnlyList<PhantomClip> Find(Concept concept, int count, int firstSeed, ClipShape shape)
    {
        IPhantom phantom = PhantomCatalog.Get(concept.Kind);
        PhantomClip[] found =
        [
            .. Enumerable.Range(firstSeed, MostSeeds).Select(seed => phantom.Simulate(new PhantomRequest
            {
                Seed = seed, Width = shape.Width, Height = shape.Height, NumFrames = shape.NumFrames, FramesPerSecond = shape.FramesPerSecond,
            })).Where(clip => clip.Truth.Label == concept.Label).Take(count),
        ];
        return found.Length == count
            ? found
            : throw new InvalidOperationException($"{concept}: {found.Length} of {count} clips within {MostSeeds} seeds.");
    }

    /// <summary>The pixels of a clip.</summary>
    /// <returns>[T, H, W, 3] bytes.</returns>
    public static byte[] Render(IEnumerable<VideoFrame> frames, ClipShape shape)
    {
        ClipBuffer buffer = new(shape);
        foreach (VideoFrame frame in frames)
        {
            using (frame)
            {
                buffer.Add(frame);
            }
        }

        return buffer.ToArray();
    }
}
