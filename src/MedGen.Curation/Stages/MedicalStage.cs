using MedGen.Curation.Clips;
using MedGen.Curation.Networks;
using MedGen.Curation.Specifications;

namespace MedGen.Curation.Stages;

/// <summary>
/// Drops shots whose seconds, in the mean, show nothing medical by the head or no modality that the classifier knows, and names the modality of the
/// others.
/// </summary>
internal sealed class MedicalStage(MedicalSpec spec, IFrameNetwork network) : ICurationStage
{
    public string Name => "medical content";

    public string? LeftOut => network.Answers ? null : "there are no weights of the imaging-modality classifier";

    public Task<IReadOnlyList<CuratedClip>> RunAsync(ClipSource source, CuratedClip clip, CancellationToken cancellationToken)
    {
        FrameAnswer[] answers = [.. source.Scan.SecondsIn(clip.Start, clip.End).Select(second => second.Answer).OfType<FrameAnswer>()];
        double medical = answers.Select(answer => answer.Medical).DefaultIfEmpty(0).Average();
        CuratedClip judged = clip.With("medical", medical) with { Modality = network.Modality(answers) };
        return Task.FromResult<IReadOnlyList<CuratedClip>>(
        [
            medical < spec.MinProbability ? judged.Reject(Name, $"probability {medical:0.00}; at least {spec.MinProbability:0.00}")
            : spec.DropUnknown && judged.Modality is null or IFrameNetwork.Unknown ? judged.Reject(Name, $"no modality that the classifier knows")
            : judged,
        ]);
    }
}
