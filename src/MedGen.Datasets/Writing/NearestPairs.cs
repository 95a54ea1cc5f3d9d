using MedGen.Abstractions.Augmentation;
using MedGen.Abstractions.Frames;
using MedGen.Datasets.Augmentation;
using MedGen.Datasets.Clips;
using MedGen.Datasets.Files;
using MedGen.Media.Images;

namespace MedGen.Datasets.Writing;

/// <summary>
/// <c>nearest.png</c>: the kept clips that lie nearest to a training clip, each above its neighbour, middle frames, nearest first. Those that were generated where
/// there are any, since altered clips are near by design.
/// </summary>
internal static class NearestPairs
{
    public const string FileName = "nearest.png";

    private const int Shown = 8;

    /// <returns>Whether there is a picture: no clip, no picture.</returns>
    public static async Task<bool> WriteAsync(
        string folder, AugmentationSpec spec, AugmentationSummary summary, IReadOnlyList<DecodedClip> training, ClipFiles files, CancellationToken cancellationToken)
    {
        ClipRecord[] kept = [.. summary.Records.Where(record => record.Kept)];
        ClipRecord[] shown = [.. (kept.Any(IsGenerated) ? kept.Where(IsGenerated) : kept).OrderBy(record => record.NearestDistance).Take(Shown)];
        if (shown.Length == 0)
        {
            return false;
        }

        ClipShape shape = new(spec.Clip.Width, spec.Clip.Height, spec.Clip.Frames, spec.Clip.Fps);
        Dictionary<string, DecodedClip> byName = training.ToDictionary(clip => clip.Item.FileName);
        int line = shape.Width * 3;
        byte[] sheet = new byte[shown.Length * line * 2 * shape.Height];
        for (int column = 0; column < shown.Length; column++)
        {
            using (VideoFrame made = await files.ReadMiddleAsync(shown[column].FileName!, shape, cancellationToken).ConfigureAwait(false))
            {
                Paste(made.Pixels.Span, column, 0);
            }

            byte[] real = await byName[shown[column].NearestId].ReadAsync(cancellationToken).ConfigureAwait(false);
            Paste(real.AsSpan(shape.Frames / 2 * shape.FrameBytes, shape.FrameBytes), column, shape.Height);
        }

        byte[] png = FrameImage.EncodePng(VideoFrame.Wrap(sheet, shown.Length * shape.Width, 2 * shape.Height), null);
        WholeFile.Write(Path.Combine(folder, FileName), path => File.WriteAllBytes(path, png));
        return true;

        void Paste(ReadOnlySpan<byte> frame, int column, int top)
        {
            for (int y = 0; y < shape.Height; y++)
            {
                frame.Slice(y * line, line).CopyTo(sheet.AsSpan(((((top + y) * shown.Length) + column) * line)));
            }
        }
    }

    private static bool IsGenerated(ClipRecord record) => record.Origin == ClipOrigin.Generated;
}
