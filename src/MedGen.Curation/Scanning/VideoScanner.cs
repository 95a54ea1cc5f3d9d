using MedGen.Curation.Networks;
using MedGen.Curation.Specifications;
using MedGen.Datasets.Clips;
using MedGen.Media;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;

namespace MedGen.Curation.Scanning;

/// <summary>Reads a film once, small, at the rate of the specification, and keeps figures only.</summary>
internal sealed class VideoScanner(IVideoReader reader, CurationSpec spec, IFrameNetwork network)
{
    /// <summary>Scans a film.</summary>
    /// <param name="path">The film.</param>
    /// <param name="progress">Told the time that is reached, in s.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="MediaException">Nothing of the film can be decoded.</exception>
    public async Task<VideoScan> ScanAsync(string path, Action<double> progress, CancellationToken cancellationToken)
    {
        IVideoClip clip = await reader.OpenAsync(path, cancellationToken).ConfigureAwait(false);
        double scale = Math.Min(1, (double)spec.Scan.LongSide / Math.Max(clip.Info.Width, clip.Info.Height));
        (int width, int height) = (Side(clip.Info.Width * scale), Side(clip.Info.Height * scale));
        FrameSampling sampling = new() { FramesPerSecond = spec.Scan.FramesPerSecond, Width = width, Height = height };
        Pass pass = new(spec, network, width, height);
        string? broken = null;
        try
        {
            await foreach (VideoFrame frame in clip.ReadFramesAsync(sampling, cancellationToken).ConfigureAwait(false))
            {
                using (frame)
                {
                    await pass.TakeAsync(frame, cancellationToken).ConfigureAwait(false);
                    progress(frame.Timestamp.TotalSeconds);
                }
            }
        }
        catch (MediaException exception) when (pass.Frames.Count > 0)
        {
            // What came before the damage is whole; the film's line in the report says where it ends.
            broken = exception.Message;
        }

        return new VideoScan { Width = width, Height = height, Frames = pass.Frames, Seconds = pass.Seconds, BrokenOff = broken };
    }

    private static int Side(double length) => Math.Max(16, (int)Math.Round(length));

    private sealed class Pass(CurationSpec spec, IFrameNetwork network, int width, int height)
    {
        private readonly int _rate = spec.Scan.FramesPerSecond;
        private readonly ColourChange _change = new(width * height);
        private readonly byte[] _luma = new byte[width * height];
        private readonly byte[] _second = new byte[spec.Scan.FramesPerSecond * width * height * 3];
        private int _inSecond;
        private FrameLook? _before;
        private ScanSecond? _open;

        public List<ScanFrame> Frames { get; } = [];

        public List<ScanSecond> Seconds { get; } = [];

        public async Task TakeAsync(VideoFrame frame, CancellationToken cancellationToken)
        {
            // By their place on the grid: a frame that is shown for long has one time, but several places.
            double time = (double)Frames.Count / _rate;
            if (_inSecond == 0)
            {
                FrameLook look = await network.LookAsync(frame, cancellationToken).ConfigureAwait(false);
                _open = new ScanSecond(time, _before is null ? 1 : network.Similarity(_before, look), 0, 0, look.Answer);
                _before = look;
            }

            frame.Pixels.Span.CopyTo(_second.AsSpan(_inSecond * frame.Pixels.Length));
            Frames.Add(Look(frame.Pixels.Span, time));
            if (++_inSecond == _rate)
            {
                ClipShape shape = new() { Width = width, Height = height, NumFrames = _rate, FramesPerSecond = _rate };
                ClipQuality quality = ClipQuality.Of(_second, shape);
                Seconds.Add(_open! with { Motion = quality.Motion, Flicker = quality.Flicker });
                _inSecond = 0;
            }
        }

        private ScanFrame Look(ReadOnlySpan<byte> rgb, double time)
        {
            long sum = 0;
            for (int i = 0; i < _luma.Length; i++)
            {
                _luma[i] = (byte)((rgb[3 * i] + (2 * rgb[(3 * i) + 1]) + rgb[(3 * i) + 2]) / 4);
                sum += _luma[i];
            }

            return new ScanFrame(
                time, Math.Round(_change.Take(rgb), 2), Math.Round(sum / (double)_luma.Length, 2), FrameHash.Of(_luma, width, height),
                BlackBorders.Of(_luma, width, height, spec.Borders.Black));
        }
    }
}
