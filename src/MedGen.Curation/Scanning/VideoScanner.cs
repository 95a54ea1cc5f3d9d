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
        (int width, int height) = ScanSize.Of(clip.Info, spec.Scan.LongSide);
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

        await pass.EndAsync(cancellationToken).ConfigureAwait(false);
        return new VideoScan { Width = width, Height = height, Frames = pass.Frames, Seconds = pass.Seconds(), BrokenOff = broken };
    }

    private sealed class Pass(CurationSpec spec, IFrameNetwork network, int width, int height)
    {
        private readonly int _rate = spec.Scan.FramesPerSecond;
        private readonly ColourChange _change = new(width * height);
        private readonly CameraTracker _camera = new(width, height);
        private readonly SparseLooks _looks = new(network, spec);
        private readonly byte[] _luma = new byte[width * height];
        private readonly byte[] _second = new byte[spec.Scan.FramesPerSecond * width * height * 3];
        private readonly List<ClipQuality> _qualities = [];
        private int _inSecond;

        public List<ScanFrame> Frames { get; } = [];

        public async Task TakeAsync(VideoFrame frame, CancellationToken cancellationToken)
        {
            // By their place on the grid: a frame that is shown for long has one time, but several places.
            ScanFrame look = Look(frame.Pixels.Span, (double)Frames.Count / _rate);
            Frames.Add(look);
            _looks.Changed(look.Content);
            if (_inSecond == 0)
            {
                await _looks.BeginAsync(frame, cancellationToken).ConfigureAwait(false);
            }

            frame.Pixels.Span.CopyTo(_second.AsSpan(_inSecond * frame.Pixels.Length));
            if (++_inSecond == _rate)
            {
                ClipShape shape = new() { Width = width, Height = height, NumFrames = _rate, FramesPerSecond = _rate };
                _qualities.Add(ClipQuality.Of(_second, shape));
                _inSecond = 0;
            }
        }

        public Task EndAsync(CancellationToken cancellationToken) => _looks.EndAsync(cancellationToken);

        // Whole ones only: of a begun one motion is not known.
        public IReadOnlyList<ScanSecond> Seconds() => [.. _qualities.Select((quality, second) =>
            new ScanSecond(second, _looks[second].Similarity, quality.Motion, quality.Flicker, _looks[second].Answer))];

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
                BlackBorders.Of(_luma, width, height, spec.Borders.Black), _camera.Take(_luma, width, height));
        }
    }
}
