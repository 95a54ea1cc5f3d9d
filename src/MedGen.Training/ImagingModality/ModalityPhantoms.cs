using MedGen.Abstractions.Frames;
using MedGen.Phantoms;
using MedGen.Phantoms.Randomness;
using MedGen.Torch.Frames;

namespace MedGen.Training.ImagingModality;

/// <summary>Simulated clips for training: a few frames of each, many seeds, sizes and shapes.</summary>
internal static class ModalityPhantoms
{
    private const int FramesPerClip = 3;
    private static readonly int[] Sides = [112, 144, 176];

    /// <summary>Simulates clips of every kind.</summary>
    /// <param name="clipsPerKind">Clips of each kind, each with a patient of its own.</param>
    /// <param name="seed">Other seeds, other patients.</param>
    /// <param name="cancellationToken">Stops between clips.</param>
    /// <returns>The clips, one group each; the source names the kind.</returns>
    public static IReadOnlyList<ModalityClip> Simulate(int clipsPerKind, int seed, CancellationToken cancellationToken)
    {
        IReadOnlyList<IPhantom> kinds = PhantomCatalog.All;
        var clips = new ModalityClip?[kinds.Count * clipsPerKind];
        Parallel.For(0, clips.Length, new ParallelOptions { CancellationToken = cancellationToken }, i =>
            clips[i] = Simulate(kinds[i % kinds.Count], unchecked((seed * 1_000_003) + (i / kinds.Count))));
        return [.. clips.OfType<ModalityClip>()];
    }

    private static ModalityClip? Simulate(IPhantom phantom, int seed)
    {
        var random = new Random(seed);
        // One frame a second: the frames of a clip differ as much as its motion allows.
        PhantomClip clip = phantom.Simulate(new PhantomRequest
        {
            Seed = seed,
            Width = random.Pick(Sides),
            Height = random.Pick(Sides),
            NumFrames = FramesPerClip,
            FrameRate = 1,
        });
        var pictures = new List<FramePicture>(FramesPerClip);
        foreach (VideoFrame frame in clip.Frames)
        {
            using (frame)
            {
                if (FramePicture.FromFrame(frame) is { IsFlat: false } picture)
                {
                    pictures.Add(picture);
                }
            }
        }

        if (pictures.Count == 0)
        {
            return null;
        }

        string name = $"{phantom.Kind}-{seed}";
        var item = new ModalityItem { Path = name, ModalityCode = phantom.Modality, Kind = "phantom", Frames = FramesPerClip, Source = phantom.Kind, GroupId = name };
        return new ModalityClip { Item = item, Label = ModalityLabels.Of(phantom.Modality), Pictures = pictures };
    }
}
