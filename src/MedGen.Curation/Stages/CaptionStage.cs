using MedGen.Curation.Captions;
using MedGen.Curation.Clips;

namespace MedGen.Curation.Stages;

/// <summary>Has captions written of what is left.</summary>
internal sealed class CaptionStage(IVideoCaptioner captioner) : ICurationStage
{
    public string Name => "captions";

    public string? LeftOut => null;

    // So much of a film must be in a clip for the film's own captions to hold for it.
    private const double NearlyAll = 0.9;

    public async Task<IReadOnlyList<CuratedClip>> RunAsync(ClipSource source, CuratedClip clip, CancellationToken cancellationToken)
    {
        if (clip.Seconds >= NearlyAll * source.Video.Seconds && Stated(source) is { } stated)
        {
            return [clip with { Caption = stated }];
        }

        CaptionRequest request = new()
        {
            Frames = await source.FramesAsync(clip, cancellationToken).ConfigureAwait(false),
            Seconds = clip.Seconds,
            Modality = clip.Modality,
            Category = clip.Category,
            Motion = clip.Scores.TryGetValue("motion", out double motion) ? motion : null,
            Title = source.Video.Column("title"),
            Description = source.Video.Column("description"),
            Transcript = source.Video.Column("transcript"),
        };
        return [clip with { Caption = await captioner.DescribeAsync(request, cancellationToken).ConfigureAwait(false) }];
    }

    private static ClipCaption? Stated(ClipSource source) =>
        source.Video.Column("detailed_caption") is { } detailed && source.Video.Column("brief_caption") is { } brief
            ? new ClipCaption { Brief = brief, Detailed = detailed, Captioner = "the list of the films" }
            : null;
}
