using System.Globalization;
using MedGen.Datasets.Augmentation;
using MedGen.Sdk.Augmentation;
using MedGen.Sdk.Errors;
using MedGen.Datasets.Clips;

namespace MedGen.Datasets.Filters;

/// <summary>
/// Refuses generated clips that are nearer to a training clip than strangers are (EchoNet-Synthetic, arXiv 2406.00808): the limit τ is a quantile of
/// the training clips' greatest correlation to real test clips that are no copies of them. Test clips are only looked at; no generator sees them.
/// Altered clips are copies by design and are not judged here: they need the same protection as the recordings.
/// </summary>
internal sealed class PrivacyFilter : IClipFilter
{
    // The same recording, encoded anew, correlates more than this; two recordings of one organ do not.
    private const double Copy = 0.999;

    private readonly PrivacyFilterOptions _options;
    private readonly TrainingNeighbours _training;

    /// <exception cref="InvalidInputException">The check is on, and there is no test clip to learn its limit from.</exception>
    public PrivacyFilter(
        PrivacyFilterOptions options, TrainingNeighbours neighbours, IReadOnlyList<DecodedClip> training, IReadOnlyList<DecodedClip> test)
    {
        (_options, _training) = (options, neighbours);
        double[] nearest = [.. training.Select(clip => NearestStranger(clip, test)).OfType<double>().Order()];
        if (nearest.Length > 0)
        {
            Limit = nearest[Math.Clamp((int)Math.Ceiling(options.Quantile * nearest.Length) - 1, 0, nearest.Length - 1)];
        }
        else if (options.Enabled)
        {
            throw new InvalidInputException(
                "filters.privacy",
                "there is no test clip that is not a copy of a training clip, from which the limit of the privacy check is learnt; add some, or "
                    + "turn the check off by \"enabled\": false.");
        }
    }

    /// <summary>τ; null: not known, because there is no test clip.</summary>
    public double? Limit { get; }

    public string Name => "privacy";

    // A test clip that is a copy says nothing of how near strangers are: learnt from it, the limit would refuse nothing.
    private static double? NearestStranger(DecodedClip clip, IReadOnlyList<DecodedClip> test)
    {
        double[] strangers =
            [.. test.Select(other => ClipDescriptor.Correlation(clip.Descriptor, other.Descriptor)).Where(correlation => correlation < Copy)];
        return strangers.Length > 0 ? strangers.Max() : null;
    }

    public string? Judge(CandidateClip clip, IDictionary<string, double> scores)
    {
        double nearest = _training.Nearest(clip.Descriptor).Correlation;
        return _options.Enabled && clip.Origin == ClipOrigin.Generated && nearest > Limit
            ? string.Create(CultureInfo.InvariantCulture, $"correlation {nearest:0.###} to a training clip is above the limit {Limit:0.###}")
            : null;
    }
}
