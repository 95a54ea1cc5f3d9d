using MedGen.Phantoms.Fields;
using MedGen.Phantoms.Randomness;

namespace MedGen.Phantoms.Anatomy;

/// <summary>What differs from trunk to trunk. Lengths in mm, densities in Hounsfield units.</summary>
internal sealed class TrunkPatient
{
    /// <summary>Draws a patient.</summary>
    /// <param name="habitus">0 slim to 1 obese.</param>
    /// <param name="contrast">Whether contrast medium is in the blood.</param>
    /// <param name="heart">Width of the heart relative to normal.</param>
    /// <param name="finding">"none", "nodule", "consolidation", "effusion" or "liver lesion".</param>
    /// <param name="seed">Seed of the textures.</param>
    /// <param name="random">Draws what differs from patient to patient.</param>
    public TrunkPatient(double habitus, bool contrast, double heart, string finding, int seed, Random random)
    {
        (Noise, Vessels, Crossing) = (new ValueNoise(seed), new ValueNoise(seed + 1), new ValueNoise(seed + 2));
        Width = (float)random.Range(132, 150);
        Depth = (float)random.Range(92, 106);
        Fat = (float)(6 + (38 * habitus));
        Heart = (float)heart;
        Lung = (float)random.Range(-880, -800);
        Enhancement = contrast ? (float)random.Range(120, 220) : 0;
        Stomach = (float)random.Range(-15, 15);
        float side = random.Chance(0.5) ? -1 : 1;
        Opacity = finding == "consolidation" ? side : 0;
        Effusion = finding == "effusion" ? side : 0;
        Nodules = finding == "nodule"
            ? [(side * (float)random.Range(50, 85), (float)random.Range(-40, 35), (float)random.Range(60, 140), (float)random.Range(8, 17))]
            : [];
        Lesions = finding == "liver lesion"
            ? [.. Enumerable.Range(0,
                random.Next(1, 4)).Select(_ =>
                    ((float)random.Range(-110, -40), (float)random.Range(-45, 40), (float)random.Range(-55, 5), (float)random.Range(8, 18)))]
            : [];
    }

    /// <summary>Texture of tissue.</summary>
    public ValueNoise Noise { get; }

    /// <summary>Vessels run where this and <see cref="Crossing"/> are both near 0.</summary>
    public ValueNoise Vessels { get; }

    /// <summary>See <see cref="Vessels"/>.</summary>
    public ValueNoise Crossing { get; }

    /// <summary>Half of the width without fat.</summary>
    public float Width { get; }

    /// <summary>Half of the depth without fat.</summary>
    public float Depth { get; }

    /// <summary>Thickness of the fat.</summary>
    public float Fat { get; }

    /// <summary>Width of the heart relative to normal.</summary>
    public float Heart { get; }

    /// <summary>Density of the lung.</summary>
    public float Lung { get; }

    /// <summary>Side of a consolidation: -1 right, 1 left, 0 none.</summary>
    public float Opacity { get; }

    /// <summary>Side of a pleural effusion: -1 right, 1 left, 0 none.</summary>
    public float Effusion { get; }

    /// <summary>Centres and radii of nodules in the lung.</summary>
    public (float X, float Y, float Z, float R)[] Nodules { get; }

    /// <summary>Centres and radii of lesions in the liver.</summary>
    public (float X, float Y, float Z, float R)[] Lesions { get; }

    /// <summary>What contrast medium adds to blood.</summary>
    public float Enhancement { get; }

    /// <summary>How far the stomach is shifted along z.</summary>
    public float Stomach { get; }
}
