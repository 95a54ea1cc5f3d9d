using System.Runtime.CompilerServices;
using MedGen.Sdk.Analysis;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;

namespace MedGen.Application.Analysis;

/// <summary>A clip whose frames come in the format that an analyzer takes: its own, or grey made of its colours.</summary>
internal sealed class FormattedClip : IVideoClip
{
    private readonly IVideoClip _clip;

    private FormattedClip(IVideoClip clip, FrameFormat format) =>
        (_clip, Info) = (clip, clip.Info with { Format = format, Formats = FormatsOf(clip.Info) });

    public VideoInfo Info { get; }

    public bool IsLive => _clip.IsLive;

    /// <summary>A clip in the first format of an input that it has; null: it has none of them.</summary>
    public static IVideoClip? For(AnalyzerInput input, IVideoClip clip) =>
        input.Formats.Where(format => FormatsOf(clip.Info).Contains(format)).Select(format => new FormattedClip(clip, format)).FirstOrDefault();

    /// <summary>The formats that a clip can be read in.</summary>
    public static IReadOnlyList<FrameFormat> FormatsOf(VideoInfo info) => [.. info.Formats.Union([FrameFormat.Gray8])];

    public async IAsyncEnumerable<VideoFrame> ReadFramesAsync(FrameSampling sampling, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        FrameFormat wanted = sampling.Format ?? Info.Format;
        Violations violations = new();
        violations.Require(Info.Formats.Contains(wanted), "format", $"got {wanted}", $"{string.Join(", ", Info.Formats)}");
        violations.ThrowIfAny();
        bool isMade = !_clip.Info.Formats.Contains(wanted);
        FrameSampling own = sampling with { Format = isMade ? FrameFormat.Rgb24 : wanted };
        await foreach (VideoFrame frame in _clip.ReadFramesAsync(own, cancellationToken).ConfigureAwait(false))
        {
            if (!isMade)
            {
                yield return frame;
                continue;
            }

            using (frame)
            {
                yield return frame.ToGray8();
            }
        }
    }
}
