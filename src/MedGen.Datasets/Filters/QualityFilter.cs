using System.Globalization;
using MedGen.Datasets.Augmentation;
using MedGen.Datasets.Clips;

namespace MedGen.Datasets.Filters;

/// <summary>Blur, exposure, flicker, standstill and blocks, against what the real training clips show.</summary>
internal sealed class QualityFilter(QualityFilterOptions options, IReadOnlyList<ClipQuality> training) : IClipFilter
{
    // Below these a measure is noise of the codec, and a multiple of it means nothing.
    private const double MinFlicker = 0.5;

    public string Name => "quality";

    public string? Judge(CandidateClip clip, IDictionary<string, double> scores)
    {
        ClipQuality quality = clip.Quality;
        (scores["sharpness"], scores["brightness"], scores["clipped"]) = (quality.Sharpness, quality.Brightness, quality.Clipped);
        (scores["motion"], scores["flicker"], scores["blockiness"]) = (quality.Motion, quality.Flicker, quality.Blockiness);
        if (!options.Enabled)
        {
            return null;
        }

        return Below("sharpness", quality.Sharpness, options.Min * training.Min(real => real.Sharpness))
            ?? Below("motion", quality.Motion, options.Min * training.Min(real => real.Motion))
            ?? Below("brightness", quality.Brightness, training.Min(real => real.Brightness) - options.Brightness)
            ?? Above("brightness", quality.Brightness, training.Max(real => real.Brightness) + options.Brightness)
            ?? Above("flicker", quality.Flicker, options.Max * Math.Max(MinFlicker, training.Max(real => real.Flicker)))
            ?? Above("blockiness", quality.Blockiness, options.Max * training.Max(real => real.Blockiness));
    }

    private static string? Below(string what, double value, double limit) => value < limit ? Text(what, value, "below", limit) : null;

    private static string? Above(string what, double value, double limit) => value > limit ? Text(what, value, "above", limit) : null;

    private static string Text(string what, double value, string side, double limit) =>
        string.Create(CultureInfo.InvariantCulture, $"{what} {value:0.###} is {side} {limit:0.###}");
}
