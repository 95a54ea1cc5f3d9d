using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace UltrasoundAugmenter;

/// <summary>Shadows behind what lets no sound through, such as a rib, a stone or gas: they lie along the beams, from some depth on.</summary>
internal sealed record AcousticShadow : IGainMethod
{
    private const double Penumbra = 0.08; // of the depth, from nothing to the whole shadow

    [Range(1, 4), Description("Shadows of a clip at most; at least one is there.")]
    public int Most { get; init; } = 2;

    [Range(0.02, 0.5), Description("Greatest half width of a shadow, as a share of half the fan or picture.")]
    public double Width { get; init; } = 0.2;

    [Range(1.0, 60.0), Description("How dark a shadow is in its middle at most, in dB; at least half of that.")]
    public double Loss { get; init; } = 30;

    [Range(30.0, 90.0), Description("Dynamic range of the picture, from black to white, in dB.")]
    public double DynamicRange { get; init; } = 60;

    [Description("How the beams lie in the picture.")]
    public Probe Probe { get; init; }

    /// <inheritdoc />
    public Func<BeamPoint, double> Draw(Random random, IDictionary<string, string> used)
    {
        Shadow[] shadows =
        [
            .. Enumerable.Range(0, random.Next(1, Most + 1)).Select(_ => new Shadow(
                random.Between(-0.7, 0.7), random.Between(0.02, Width), random.Between(0.1, 0.6), random.Between(Loss / 2, Loss))),
        ];
        used["shadows"] = string.Join("; ", shadows.Select(shadow => FormattableString.Invariant(
            $"beam {shadow.Beam:0.##}, half width {shadow.Width:0.##}, from depth {shadow.Depth:0.##}, {shadow.Loss:0.#} dB")));
        return point => -shadows.Sum(shadow => shadow.At(point));
    }

    private sealed record Shadow(double Beam, double Width, double Depth, double Loss)
    {
        public double At(BeamPoint point)
        {
            double across = (point.Beam - Beam) / Width;
            double down = Math.Clamp((point.Depth - Depth) / Penumbra, 0, 1);
            return Loss * Math.Exp(-0.5 * across * across) * down;
        }
    }
}
