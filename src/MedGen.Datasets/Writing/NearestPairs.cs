using MedGen.Sdk.Augmentation;
using MedGen.Sdk.Frames;
using MedGen.Datasets.Augmentation;
using MedGen.Datasets.Clips;
using MedGen.Datasets.Reports;
using MedGen.Media.Images;

namespace MedGen.Datasets.Writing;

/// <summary>
/// <c>nearest.png</c>: the kept clips that lie nearest to a training clip, each above its neighbour, middle frames, nearest first. Those that were
/// generated where there are any, since altered clips are near by design.
/// </summary>
internal static class NearestPairs
{
    private const string FileName = "nearest.png";
    private const int Shown = 8;

    /// <returns>The picture; null: no clip was kept.</returns>
    public static async Task<ReportFigure?> DrawAsync(
        AugmentationSpec spec, AugmentationSummary summary, IReadOnlyList<DecodedClip> training, ClipFiles files, CancellationToken cancellationToken)
    {
        ClipRecord[] kept = [.. summary.Records.Where(record => record.Kept)];
        ClipRecord[] shown = [.. (kept.Any(IsGenerated) ? kept.Where(IsGenerated) : kept).OrderBy(record => record.NearestDistance).Take(Shown)];
        if (shown.Length == 0)
        {
            return null;
        }

        ClipShape shape = spec.Clip;
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
            Paste(real.AsSpan(shape.NumFrames / 2 * shape.FrameBytes, shape.FrameBytes), column, shape.Height);
        }

        byte[] png = FrameImage.EncodePng(VideoFrame.Wrap(sheet, shown.Length * shape.Width, 2 * shape.Height), null);
        return new ReportFigure
        {
            FileName = FileName,
            Caption = $"The {shown.Length} nearest pairs: synthetic above, the nearest training clip below",
            Content = png,
        };

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
