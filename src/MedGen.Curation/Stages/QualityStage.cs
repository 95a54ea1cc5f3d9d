using MedGen.Curation.Clips;
using MedGen.Curation.Scanning;
using MedGen.Curation.Specifications;
using MedGen.Datasets.Clips;
using MedGen.Sdk.Frames;

namespace MedGen.Curation.Stages;

/// <summary>
/// Blur, exposure and blocks of the frames at full size, motion and flicker of the scan: the measures that augmentation judges by, against fixed
/// limits.
/// </summary>
internal sealed class QualityStage(QualitySpec spec) : ICurationStage
{
    public string Name => "technical quality";

    public string? LeftOut => null;

    public async Task<IReadOnlyList<CuratedClip>> RunAsync(ClipSource source, CuratedClip clip, CancellationToken cancellationToken)
    {
        IReadOnlyList<VideoFrame> frames = await source.FramesAsync(clip, cancellationToken).ConfigureAwait(false);
        ClipQuality[] looks =
        [
            .. frames.Select(frame => ClipQuality.Of(
                frame.Pixels.Span, new ClipShape { Width = frame.Width, Height = frame.Height, NumFrames = 1, FramesPerSecond = 1 })),
        ];
        ScanSecond[] seconds = [.. source.Scan.SecondsIn(clip.Start, clip.End)];
        (string Name, double Value, double? Min, double? Max)[] measures =
        [
            ("sharpness", looks.Average(look => look.Sharpness), spec.MinSharpness, null),
            ("brightness", looks.Average(look => look.Brightness), spec.MinBrightness, spec.MaxBrightness),
            ("clipped", looks.Average(look => look.Clipped), null, spec.MaxClipped),
            ("blockiness", looks.Average(look => look.Blockiness), null, spec.MaxBlockiness),
            ("motion", seconds.Select(second => second.Motion).DefaultIfEmpty(0).Average(), spec.MinMotion, spec.MaxMotion),
            ("flicker", seconds.Select(second => second.Flicker).DefaultIfEmpty(0).Average(), null, spec.MaxFlicker),
        ];
        CuratedClip judged = measures.Aggregate(clip, (scored, measure) => scored.With(measure.Name, measure.Value));
        foreach ((string name, double value, double? min, double? max) in measures)
        {
            if (value < min || value > max)
            {
                return [judged.Reject(Name, $"{name} {value:0.00}; {(value < min ? "at least" : "at most")} {(value < min ? min : max):0.00}")];
            }
        }

        return [judged];
    }
}
