using MedGen.Curation.Clips;
using MedGen.Curation.Networks;

namespace MedGen.Curation.Stages;

/// <summary>
/// The category in MedVideoCap's words, as far as the classifier's answer tells it: operations are clinical practice, other modalities imaging. It
/// cannot tell teaching, popular science and animation.
/// </summary>
internal sealed class CategoryStage : ICurationStage
{
    private static readonly HashSet<string> Operations = new(StringComparer.Ordinal) { "ES", "XC" };

    public string Name => "category";

    public string? LeftOut => null;

    public Task<IReadOnlyList<CuratedClip>> RunAsync(ClipSource source, CuratedClip clip, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<CuratedClip>>([clip with { Category = source.Video.Column("category") ?? Of(clip.Modality) }]);

    private static string? Of(string? modality) => modality switch
    {
        null or IFrameNetwork.Unknown => null,
        _ when Operations.Contains(modality) => "clinical practice",
        _ => "imaging",
    };
}
