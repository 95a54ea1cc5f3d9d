using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using MedGen.Sdk.Errors;

namespace UltrasoundAugmenter;

/// <summary>
/// Sound that is lost on its way through a patient, and depth-gain sliders (TGC) that do not make up for it: a change in dB for each depth.
/// </summary>
internal sealed record DepthGain : IGainMethod
{
    private const int Sliders = 8;

    [Range(0.0, 40.0), Description("Least loss down to the lower edge, in dB.")]
    public double AttenuationFrom { get; init; }

    [Range(0.0, 40.0), Description("Greatest loss down to the lower edge, in dB; at least attenuation_from.")]
    public double AttenuationTo { get; init; } = 15;

    [Range(0.0, 12.0), Description("How far each of eight depth-gain sliders may be off, either way, in dB.")]
    public double SliderError { get; init; } = 3;

    [Range(30.0, 90.0), Description("Dynamic range of the picture, from black to white, in dB.")]
    public double DynamicRange { get; init; } = 60;

    [Description("How the beams lie in the picture.")]
    public Probe Probe { get; init; }

    /// <inheritdoc />
    public void Check()
    {
        Violations violations = new();
        violations.Within("attenuation_to", AttenuationTo, AttenuationFrom, 40);
        violations.ThrowIfAny();
    }

    /// <inheritdoc />
    public Func<BeamPoint, double> Draw(Random random, IDictionary<string, string> used)
    {
        double attenuation = random.Between(AttenuationFrom, AttenuationTo);
        double[] sliders = [.. Enumerable.Range(0, Sliders).Select(_ => random.Between(-SliderError, SliderError))];
        used["attenuation_db"] = FormattableString.Invariant($"{attenuation:0.##}");
        used["sliders_db"] = string.Join(' ', sliders.Select(slider => FormattableString.Invariant($"{slider:0.##}")));
        return point =>
        {
            double at = Math.Clamp(point.Depth, 0, 1) * (Sliders - 1);
            int above = Math.Min((int)at, Sliders - 2);
            return sliders[above] + ((at - above) * (sliders[above + 1] - sliders[above])) - (attenuation * point.Depth);
        };
    }
}
