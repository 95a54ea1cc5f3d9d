using MedGen.Curation.Captions;
using MedGen.Curation.Clips;

namespace MedGen.Curation.Stages;

/// <summary>Has captions written of what is left.</summary>
internal sealed class CaptionStage(IVideoCaptioner captioner) : ICurationStage
{
    public string Name => "captions";

    public string? LeftOut => null;

    public async Task<IReadOnlyList<CuratedClip>> RunAsync(ClipSource source, CuratedClip clip, CancellationToken cancellationToken)
    {
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
}
