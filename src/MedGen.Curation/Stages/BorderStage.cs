using MedGen.Curation.Clips;
using MedGen.Curation.Scanning;
using MedGen.Curation.Specifications;
using MedGen.Media.Cutting;

namespace MedGen.Curation.Stages;

/// <summary>
/// Black borders that stay: at each side the lines that are black in nearly every frame. It offers the crop that takes them away. What is left must
/// still be large enough.
/// </summary>
internal sealed class BorderStage(BorderSpec spec, int minShortSide) : ICurationStage
{
    // So many of the frames may be without the border: a flash, a title.
    private const double Exceptions = 0.05;

    public string Name => "black borders";

    public string? LeftOut => null;

    public Task<IReadOnlyList<CuratedClip>> RunAsync(ClipSource source, CuratedClip clip, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<CuratedClip>>([Judge(source, clip)]);

    private CuratedClip Judge(ClipSource source, CuratedClip clip)
    {
        VideoScan scan = source.Scan;

        // A black frame has no picture whose border could be seen.
        BlackBorders[] all = [.. scan.FramesIn(clip.Start, clip.End).Select(frame => frame.Borders).Where(borders => borders.Left < scan.Width)];
        if (all.Length == 0)
        {
            return clip.Reject(Name, $"no frame with a picture");
        }

        BlackBorders lasting = new(
            Lasting(all.Select(one => one.Left)), Lasting(all.Select(one => one.Top)), Lasting(all.Select(one => one.Right)),
            Lasting(all.Select(one => one.Bottom)));
        double[] shares =
        [
            (double)lasting.Left / scan.Width, (double)lasting.Right / scan.Width, (double)lasting.Top / scan.Height,
            (double)lasting.Bottom / scan.Height,
        ];
        CuratedClip judged = clip.With("border", shares.Max());
        if (shares.Max() <= spec.MaxShare)
        {
            return judged;
        }

        PictureCrop crop = Crop(lasting, scan, source.Video.Width, source.Video.Height);
        judged = judged with { Crop = crop };
        return spec.Action switch
        {
            BorderAction.Keep => judged,
            BorderAction.Drop => judged.Reject(Name, $"a border of {shares.Max():P0} of a side; at most {spec.MaxShare:P0}"),
            _ when Math.Min(crop.Width, crop.Height) < minShortSide => judged.Reject(
                Name, $"{crop.Width}x{crop.Height} px without its borders; a shorter side of at least {minShortSide} px"),
            _ => judged,
        };
    }

    private static int Lasting(IEnumerable<int> lines)
    {
        int[] sorted = [.. lines.Order()];
        return sorted[(int)(sorted.Length * Exceptions)];
    }

    // A line of the scan more on each side that has a border, since scaling mixes its edge with the picture; even sizes, as codecs want them.
    private static PictureCrop Crop(BlackBorders borders, VideoScan scan, int width, int height)
    {
        (int left, int right) = (Inward(borders.Left, width, scan.Width), Inward(borders.Right, width, scan.Width));
        (int top, int bottom) = (Inward(borders.Top, height, scan.Height), Inward(borders.Bottom, height, scan.Height));
        return new PictureCrop(left, top, Math.Max(2, (width - left - right) & ~1), Math.Max(2, (height - top - bottom) & ~1));

        static int Inward(int lines, int full, int scanned) => lines == 0 ? 0 : (int)Math.Ceiling((lines + 1) * (double)full / scanned / 2) * 2;
    }
}
