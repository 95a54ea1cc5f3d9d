using MedGen.Curation.Clips;
using MedGen.Curation.Specifications;

namespace MedGen.Curation.Stages;

/// <summary>Scores of the networks that the specification names.</summary>
internal sealed class ScorerStage(IReadOnlyList<(ScorerSpec Spec, IQualityScorer Scorer)> scorers) : ICurationStage
{
    public string Name => "quality networks";

    public string? LeftOut => scorers.Count == 0 ? "the specification names none (scorers: DOVER, an aesthetic score, …)" : null;

    /// <summary>Scores that a list of films may state, as MedVideoCap's does; a network of that name has the last word.</summary>
    public static readonly string[] Stated = ["aesthetic", "dover"];

    public async Task<IReadOnlyList<CuratedClip>> RunAsync(ClipSource source, CuratedClip clip, CancellationToken cancellationToken)
    {
        CuratedClip judged = clip;
        foreach ((ScorerSpec spec, IQualityScorer scorer) in scorers)
        {
            double score = await scorer.ScoreAsync(await source.OpenAsync(clip, cancellationToken).ConfigureAwait(false), cancellationToken)
                .ConfigureAwait(false);
            judged = judged.With(spec.Name, score);
            if (judged.IsAlive && !(score >= (spec.Min ?? double.NegativeInfinity)))
            {
                judged = judged.Reject(Name, $"{spec.Name} {score:0.000}; at least {spec.Min:0.000}");
            }
        }

        return [judged];
    }
}
