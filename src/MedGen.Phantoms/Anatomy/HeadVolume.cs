using MedGen.Phantoms.Fields;
using MedGen.Phantoms.Randomness;

namespace MedGen.Phantoms.Anatomy;

/// <summary>
/// A head as a function of position. Millimetres: x from the patient's right (left in the picture) to the left, y from the face (negative) to the
/// back, z upwards from the level of the thalamus; about -75 (base of the skull) to 85 (vertex).
/// </summary>
internal sealed class HeadVolume
{
    private readonly ValueNoise _folds;
    private readonly ValueNoise _fine;
    private readonly float _wide;
    private readonly float _long;
    private readonly float _ventricles;
    private readonly float _sulci;
    private readonly (float X, float Y, float Z, float R)? _lesion;

    /// <summary>Draws a patient.</summary>
    /// <param name="atrophy">0 young to 1 old: wide sulci and ventricles.</param>
    /// <param name="hasLesion">Whether there is a tumour.</param>
    /// <param name="seed">Seed of the folds.</param>
    /// <param name="random">Draws what differs from patient to patient.</param>
    public HeadVolume(double atrophy, bool hasLesion, int seed, Random random)
    {
        (_folds, _fine) = (new ValueNoise(seed), new ValueNoise(seed + 1));
        _wide = (float)random.Range(0.94, 1.06);
        _long = (float)random.Range(0.94, 1.06);
        _ventricles = 0.85f + (0.9f * (float)atrophy);
        _sulci = 0.05f + (0.09f * (float)atrophy);
        float side = random.Chance(0.5) ? -1 : 1;
        _lesion = hasLesion
            ? (side * (float)random.Range(22, 40), (float)random.Range(-35, 40), (float)random.Range(0, 35), (float)random.Range(9, 18))
            : null;
    }

    /// <summary>Middle of the lesion and its radius in mm; null without one.</summary>
    public (float X, float Y, float Z, float R)? Lesion => _lesion;

    /// <summary>The tissue at a point.</summary>
    public HeadTissue At(float x, float y, float z)
    {
        (x, y) = (x / _wide, y / _long);
        float low = Math.Max(0, -z - 20) / 60;
        (float a, float b) = (71 - (9 * low), 90 - (7 * low));
        // An egg: wider behind.
        float egg = 1 + (0.0012f * y);
        float vertical = z > 0 ? z / 86 : z / 190;
        float r = MathF.Sqrt(MathF.Pow(x / (a * egg), 2) + MathF.Pow(y / b, 2) + (vertical * vertical));
        float fromSkin = (1 - r) * a;
        if (z < -38 && Face(x, y, z, fromSkin) is { } face)
        {
            return face;
        }

        if (fromSkin < 0)
        {
            return z < -15 && MathF.Abs(x) > a * 0.95f && fromSkin > -6 && y is > 5 and < 25 ? HeadTissue.Scalp : HeadTissue.Air;
        }

        float scalp = 5.5f + _fine.At(x * 0.03f, y * 0.03f, z * 0.03f);
        if (fromSkin < scalp)
        {
            return z < -10 && fromSkin > 2.5f && MathF.Abs(y) < 60 ? HeadTissue.Muscle : HeadTissue.Scalp;
        }

        float skull = 6.5f + (1.5f * _fine.At(x * 0.02f, y * 0.02f, z * 0.02f));
        if (fromSkin < scalp + skull)
        {
            float t = (fromSkin - scalp) / skull;
            return t is < 0.3f or > 0.68f ? HeadTissue.CorticalBone : HeadTissue.Marrow;
        }

        float depth = fromSkin - scalp - skull;
        if (depth < 1.2f + (8 * _sulci))
        {
            return HeadTissue.Fluid;
        }

        return Brain(x, y, z, depth);
    }

    private HeadTissue? Face(float x, float y, float z, float fromSkin)
    {
        float eye = MathF.Sqrt(MathF.Pow(MathF.Abs(x) - 32, 2) + MathF.Pow(y + 72, 2) + MathF.Pow(z + 46, 2));
        if (eye < 12)
        {
            return HeadTissue.Eye;
        }

        if (fromSkin < 5)
        {
            return null;
        }

        if (y < -50)
        {
            bool orbit = MathF.Sqrt(MathF.Pow(MathF.Abs(x) - (30 + ((y + 72) * -0.5f)), 2) + MathF.Pow(z + 46, 2)) < 17;
            bool air = MathF.Abs(x) < 13 && _fine.At(x * 0.25f, y * 0.12f, z * 0.1f) > -0.25f;
            return orbit ? HeadTissue.Scalp : air ? HeadTissue.Air : MathF.Abs(x) < 48 ? HeadTissue.CorticalBone : HeadTissue.Muscle;
        }

        bool petrous = MathF.Abs(y - 5 + (MathF.Abs(x) * 0.35f) - 18) < 9 && MathF.Abs(x) > 16 && z is > -62 and < -42;
        return petrous ? (_fine.At(x * 0.3f, y * 0.3f, z * 0.3f) > 0.3f && MathF.Abs(x) > 40 ? HeadTissue.Air : HeadTissue.CorticalBone) : null;
    }

    private HeadTissue Brain(float x, float y, float z, float depth)
    {
        float side = MathF.Abs(x);
        if (_lesion is { } lesion)
        {
            float d = MathF.Sqrt(MathF.Pow(x - lesion.X, 2) + MathF.Pow(y - lesion.Y, 2) + MathF.Pow(z - lesion.Z, 2));
            if (d < lesion.R * (1 + (0.3f * _fine.At(x * 0.12f, y * 0.12f, z * 0.12f))))
            {
                return HeadTissue.Lesion;
            }
        }

        if (z < -22 && y > 22)
        {
            return Cerebellum(x, y, z, depth);
        }

        if (z < -18 && side < 15 && y is > -12 and <= 24)
        {
            return side < 3.5f && y > 18 ? HeadTissue.Fluid : HeadTissue.WhiteMatter;
        }

        if (z < -18 && side < 24 && y is > -28 and < 30)
        {
            return HeadTissue.Fluid;
        }

        if (Ventricle(side, y, z))
        {
            return HeadTissue.Fluid;
        }

        float v = _ventricles;
        if (Inside(side, y, z, 13 * v, -22, 10, 5.5f, 14, 15) || Inside(side, y, z, 27, -4, 2, 7, 19, 14)
            || Inside(side, y, z, 11 + v, 14, 4, 9, 14, 11))
        {
            return HeadTissue.DeepGrey;
        }

        bool callosum = z is > 14 and < 24 && MathF.Abs(y) < 38;
        bool fissure = side < 0.7f + (6 * _sulci) && (!callosum) && (z > 8 || MathF.Abs(y) > 34);
        if (fissure)
        {
            return y > 60 || z > 62 ? HeadTissue.Blood : HeadTissue.Fluid;
        }

        // The insula's fissure runs in from the side.
        float sylvian = MathF.Abs(y + 12 + ((z + 4) * 1.2f));
        if (side > 42 && z is > -20 and < 22 && sylvian < 1.2f + (14 * _sulci))
        {
            return HeadTissue.Fluid;
        }

        float inner = MathF.Min(depth, Math.Max(side - 1.5f, 0) + (callosum ? 30 : 0));
        float warpX = 7 * _fine.At(x * 0.04f, y * 0.04f, z * 0.04f);
        float warpY = 7 * _fine.At((x + 90) * 0.04f, y * 0.04f, z * 0.04f);
        float fold = MathF.Abs(_folds.At((x + warpX) * 0.082f, (y + warpY) * 0.082f, z * 0.07f));
        float reach = Math.Clamp(1 - ((inner - 4) / 19), 0, 1);
        if (fold < _sulci * 1.5f * reach)
        {
            return HeadTissue.Fluid;
        }

        return inner < 3.2f || fold < (_sulci * 1.5f * reach) + (0.21f * MathF.Sqrt(reach)) * (reach > 0 ? 1 : 0)
            ? HeadTissue.GreyMatter
            : HeadTissue.WhiteMatter;
    }

    private bool Ventricle(float side, float y, float z)
    {
        float v = _ventricles;
        // Body and horns of the lateral ventricles: a band that bends outwards in front and behind.
        float centre = 6.5f + (3 * v) + (y > 0 ? 0.30f * y : 0.10f * -y);
        float half = (4.2f + (y > 28 ? 2.2f : 0) + (y < -20 ? 1 : 0)) * v;
        bool lateral = MathF.Abs(side - centre) < half * MathF.Sqrt(
            Math.Max(0, 1 - MathF.Pow((z - 12) / (13 * MathF.Sqrt(v)), 2))) && y is > -40 and < 56 && (MathF.Abs(y) < 50);
        bool third = side < 1.6f * v && y is > -8 and < 20 && z is > -16 and < 9;
        return (lateral && side > 1.2f) || third;
    }

    private static bool Inside(float x, float y, float z, float cx, float cy, float cz, float rx, float ry, float rz) =>
        MathF.Pow((x - cx) / rx, 2) + MathF.Pow((y - cy) / ry, 2) + MathF.Pow((z - cz) / rz, 2) < 1;

    private HeadTissue Cerebellum(float x, float y, float z, float depth)
    {
        float r = MathF.Pow(x / 50, 2) + MathF.Pow((y - 48) / 30, 2) + MathF.Pow((z + 44) / 24, 2);
        if (r > 1 || depth < 3)
        {
            return r > 1.25f && z > -34 ? HeadTissue.GreyMatter : HeadTissue.Fluid;
        }

        // Folia: thin leaves parallel to the surface.
        float leaf = MathF.Sin((MathF.Sqrt((x * x * 0.5f) + MathF.Pow(y - 26, 2)) * 1.05f) + (2.5f * _fine.At(x * 0.06f, y * 0.06f, z * 0.06f)));
        float core = MathF.Pow((MathF.Abs(x) - 18) / 20, 2) + MathF.Pow((y - 42) / 13, 2);
        return core < 0.6f
            ? HeadTissue.WhiteMatter
            : leaf > 0.88f
            ? HeadTissue.Fluid
            : leaf > -0.25f
            ? HeadTissue.GreyMatter
            : HeadTissue.WhiteMatter;
    }
}
