using System.Runtime.InteropServices;
using MedGen.Datasets.Augmentation;
using MedGen.Datasets.Clips;
using MedGen.Datasets.Reidentification;

namespace MedGen.Datasets.Filters;

/// <summary>All filters in their order. Clips are judged one after another: what was kept before counts.</summary>
internal sealed class ClipJudge
{
    private readonly IReadOnlyList<IClipFilter> _filters;
    private readonly TrainingNeighbours _training;
    private readonly PrivacyFilter _privacy;

    /// <exception cref="Sdk.Errors.InvalidInputException">A filter lacks what it needs.</exception>
    public ClipJudge(
        FilterOptions options, IReadOnlyList<DecodedClip> training, IReadOnlyList<DecodedClip> test, Func<DecodedClip, string> label,
        PatientReidentification? patients = null)
    {
        _training = new TrainingNeighbours(training);
        _privacy = new PrivacyFilter(options.Privacy, _training, training, test);
        _filters =
        [
            new QualityFilter(options.Quality, [.. training.Select(clip => clip.Quality)]),
            new OutlierFilter(options.Outliers, _training),
            new ReidentificationFilter(patients),
            _privacy,
            new ClassifierFilter(options.Classifier, training, label),
            new PromptFilter(options.PerPrompt),
            new DuplicateFilter(options.Duplicates),
        ];
    }

    /// <summary>τ of the privacy check; null: no test clip.</summary>
    public double? PrivacyLimit => _privacy.Limit;

    /// <summary>Judges a clip, and remembers it when it is kept. Every filter gives its scores, also after one has refused.</summary>
    public Verdict Judge(CandidateClip clip)
    {
        Dictionary<string, double> scores = [];
        string? refused = null;
        foreach (IClipFilter filter in _filters)
        {
            string? reason = filter.Judge(clip, scores);
            refused ??= reason is null ? null : $"{filter.Name}: {reason}";
        }

        if (refused is null)
        {
            Keep(clip.Prompt, clip.Descriptor);
        }

        (DecodedClip nearest, double correlation) = _training.Nearest(clip.Descriptor);
        return new Verdict(
            scores.ToDictionary(
                score => score.Key, score => Math.Round(score.Value, 6)), refused, Math.Round(1 - correlation, 6), nearest.Item.FileName);
    }

    /// <summary>Remembers a clip that an earlier run judged.</summary>
    public void Remember(ClipRecord record)
    {
        if (record.Kept)
        {
            Keep(record.Prompt, MemoryMarshal.Cast<byte, float>(Convert.FromBase64String(record.Descriptor!)).ToArray());
        }
    }

    private void Keep(string? prompt, float[] descriptor)
    {
        foreach (IClipFilter filter in _filters)
        {
            filter.Keep(prompt, descriptor);
        }
    }

    /// <summary>What was found.</summary>
    /// <param name="Scores">Scores by name.</param>
    /// <param name="RejectReason">The first filter that refuses it, and why; null: it is kept.</param>
    /// <param name="NearestDistance">1 − correlation to the nearest training clip.</param>
    /// <param name="NearestId">That training clip.</param>
    internal sealed record Verdict(IReadOnlyDictionary<string, double> Scores, string? RejectReason, double NearestDistance, string NearestId);
}
