using MedGen.Phantoms.Fields;

namespace MedGen.Phantoms.Endoscopy.Laparoscopy;

/// <summary>Slow random motion of camera, hands and tissue.</summary>
/// <param name="seed">Seed.</param>
internal sealed class CameraMotion(int seed)
{
    /// <summary>The noise behind it.</summary>
    public ValueNoise Noise { get; } = new(seed);

    /// <summary>A smooth random course about 0.</summary>
    /// <param name="second">Time in s.</param>
    /// <param name="rate">Changes a second.</param>
    /// <param name="channel">Which course; courses are independent of each other.</param>
    public float Wander(float second, float rate, int channel) => Noise.Fractal(second * rate, channel * 13.7f, 2);
}
