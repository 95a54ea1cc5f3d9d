using MedGen.Phantoms.Fields;
using MedGen.Phantoms.Randomness;

namespace MedGen.Phantoms.Anatomy;

/// <summary>
/// Chest and abdomen as a function of position, in Hounsfield units. Millimetres: x from the patient's right (negative, left in the picture) to the left,
/// y from front (negative) to back, z upwards from the middle of the diaphragm; about -230 (iliac crests) to 250 (above the lungs).
/// </summary>
internal sealed class TrunkVolume
{
    private const float Fat = -100;
    private const float Muscle = 55;
    private readonly ValueNoise _noise;
    private readonly ValueNoise _vessels;
    private readonly ValueNoise _crossing;
    private readonly float _width;
    private readonly float _depth;
    private readonly float _fat;
    private readonly float _heart;
    private readonly float _lung;
    private readonly float _opacity;
    private readonly (float X, float Y, float Z, float R)[] _nodules;
    private readonly (float X, float Y, float Z, float R)[] _lesions;
    private readonly float _enhancement;
    private readonly float _stomach;

    /// <summary>Draws a patient.</summary>
    /// <param name="habitus">0 slim to 1 obese.</param>
    /// <param name="contrast">Whether contrast medium is in the blood.</param>
    /// <param name="heart">Width of the heart relative to normal.</param>
    /// <param name="finding">"none", "nodule", "consolidation", "effusion" or "liver lesion".</param>
    /// <param name="seed">Seed of the textures.</param>
    /// <param name="random">Draws what differs from patient to patient.</param>
    public TrunkVolume(double habitus, bool contrast, double heart, string finding, int seed, Random random)
    {
        (_noise, _vessels, _crossing) = (new ValueNoise(seed), new ValueNoise(seed + 1), new ValueNoise(seed + 2));
        _width = (float)random.Range(132, 150);
        _depth = (float)random.Range(92, 106);
        _fat = (float)(6 + (38 * habitus));
        _heart = (float)heart;
        _lung = (float)random.Range(-880, -800);
        _enhancement = contrast ? (float)random.Range(120, 220) : 0;
        _stomach = (float)random.Range(-15, 15);
        float side = random.Chance(0.5) ? -1 : 1;
        _opacity = finding == "consolidation" ? side : 0;
        Effusion = finding == "effusion" ? side : 0;
        _nodules = finding == "nodule" ? [(side * (float)random.Range(50, 85), (float)random.Range(-40, 35), (float)random.Range(60, 140), (float)random.Range(8, 17))] : [];
        _lesions = finding == "liver lesion"
            ? [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => ((float)random.Range(-110, -40), (float)random.Range(-45, 40), (float)random.Range(-55, 5), (float)random.Range(8, 18)))]
            : [];
    }

    /// <summary>Side of a pleural effusion: -1 right, 1 left, 0 none.</summary>
    public float Effusion { get; }

    /// <summary>Half of the body's width with fat, in mm.</summary>
    public float HalfWidth => _width + _fat;

    /// <summary>Half of the body's depth with fat, in mm.</summary>
    public float HalfDepth => _depth + _fat;

    /// <summary>Hounsfield units at a point.</summary>
    public float Hounsfield(float x, float y, float z)
    {
        float taper = z > 120 ? 1 - (0.28f * MathF.Pow((z - 120) / 130, 2)) : z < -60 ? 1 - (0.06f * (-60 - z) / 100) : 1;
        float wobble = 1 + (0.02f * _noise.At(x * 0.02f, y * 0.02f, z * 0.012f));
        (float w, float d) = (_width * taper, _depth * (z > 150 ? taper : 1));
        float skin = Radius(x, y, w + _fat, d + _fat) * wobble;
        if (skin > 1)
        {
            return -1000;
        }

        if (skin > 1 - (2.2f / (d + _fat)))
        {
            return 20;
        }

        float body = Radius(x, y, w, d) * wobble;
        if (body > 1)
        {
            return Fat + (12 * _noise.At(x * 0.08f, y * 0.08f, z * 0.05f));
        }

        if (Spine(x, y, z) is { } spine)
        {
            return spine;
        }

        bool abdomen = z < 20;
        float wall = abdomen ? 0.9f : 0.87f;
        if (z > -15 - (30 * MathF.Abs(x) / w) && Rib(x, y, z, body) is { } rib)
        {
            return rib;
        }

        if (body > wall)
        {
            float layer = _noise.At(x * 0.05f, y * 0.05f, z * 0.03f);
            return MathF.Abs(layer) < 0.12f ? Fat + 20 : y > d * 0.3f || body < 0.96f ? Muscle : layer > 0.15f ? Muscle : Fat;
        }

        if (z < 0 && y > d * 0.42f && MathF.Abs(x) is > 16 and < 62)
        {
            return Muscle - (30 * Math.Max(0, _noise.At(x * 0.12f, y * 0.12f, z * 0.05f)));
        }

        return z > Dome(x, y) ? Chest(x, y, z, body) : Abdomen(x, y, z, body);
    }

    private static float Radius(float x, float y, float a, float b)
    {
        (float u, float v) = (MathF.Abs(x / a), MathF.Abs(y / b));
        return MathF.Sqrt(MathF.Sqrt((u * u * u * u) + (v * v * v * v) + (1.5f * u * u * v * v)));
    }

    private static float Ball(float x, float y, float z, float cx, float cy, float cz, float rx, float ry, float rz)
    {
        (float u, float v, float w) = ((x - cx) / rx, (y - cy) / ry, (z - cz) / rz);
        return (u * u) + (v * v) + (w * w);
    }

    private static float Dome(float x, float y)
    {
        float centre = x < 0 ? -68 : 62;
        float fall = MathF.Pow((x - centre) / 78, 2) + MathF.Pow((y + 8) / 95, 2);
        return (x < 0 ? 34 : 22) - (52 * fall) - (MathF.Abs(x) < 20 ? 6 : 0);
    }

    private float? Spine(float x, float y, float z)
    {
        float centre = _depth * 0.5f;
        float segment = (z + 1000) / 29;
        float inSegment = (segment - MathF.Floor(segment)) * 29;
        bool disc = inSegment < 5.5f;
        float waist = disc ? 0 : 1.5f * MathF.Abs(((inSegment - 5.5f) / 23.5f) - 0.5f);
        float r = MathF.Sqrt(MathF.Pow(x / (19f + waist), 2) + MathF.Pow((y - centre) / (15.5f + waist), 2));
        if (r < 1)
        {
            return disc ? 85 : r > 0.9f || inSegment < 7.5f || inSegment > 27 ? 520 : 170 + (70 * _noise.At(x * 0.4f, y * 0.4f, z * 0.3f));
        }

        float canalY = centre + 23;
        float canal = MathF.Sqrt((x * x) + (MathF.Pow(y - canalY, 2) * 1.3f));
        if (canal < 9)
        {
            return canal < 6 ? 35 : 5;
        }

        bool level = inSegment is > 9 and < 23;
        bool lamina = canal < 13.5f && level;
        bool spinous = MathF.Abs(x) < 3.4f && y > canalY + 8 && y < canalY + 32 && level;
        bool transverse = level && MathF.Abs(y - canalY + 3 - (MathF.Abs(x) * 0.12f)) < 4.5f && MathF.Abs(x) is > 8 and < 36 && inSegment is > 12 and < 21;
        return lamina || spinous ? 430 : transverse ? 330 : null;
    }

    private float? Rib(float x, float y, float z, float body)
    {
        if (body is < 0.86f or > 0.955f)
        {
            return null;
        }

        float front = -y / _depth;
        if (front > 0.75f && MathF.Abs(x) < 17 && z is > 45 and < 175)
        {
            return body > 0.93f || body < 0.875f ? 380 : 150;
        }

        // Ribs fall from the spine to the front; near the breastbone they are cartilage.
        float fall = 30 * (front + 0.2f) + (18 * front * MathF.Abs(front));
        float at = (z + fall + 600) / 25;
        float off = MathF.Abs(at - MathF.Floor(at) - 0.5f) * 25;
        float radial = MathF.Abs(body - 0.907f) / 0.046f;
        float shape = MathF.Sqrt((off / 5.6f * off / 5.6f) + (radial * radial));
        if (shape > 1 || z > 205)
        {
            return null;
        }

        return front > 0.72f ? 110 : shape > 0.62f ? 620 : 220;
    }

    private float Chest(float x, float y, float z, float body)
    {
        float blood = 45 + _enhancement;
        float spineY = _depth * 0.5f;
        if (Circle(x, y, 24, spineY - 16, 12.5f) < 1 && z < 105)
        {
            return blood;
        }

        if (MathF.Abs(z - 104) < 13 && MathF.Abs(x - 10 - ((y + 10) * 0.28f)) < 13 && y > -32 && y < spineY - 8)
        {
            return blood;
        }

        if ((z > 70 && z < 105 && Circle(x, y, -4, -28, 15) < 1) || (z > 60 && Circle(x, y, -26, -22, 10) < 1 && z < 170))
        {
            return blood;
        }

        float split = z < 92 ? (92 - z) * 0.85f : 0;
        float tracheaX = MathF.Abs(MathF.Abs(x) - split);
        float airway = MathF.Sqrt((tracheaX * tracheaX) + MathF.Pow(y - 12, 2));
        float airwayRadius = split > 0 ? 6.2f : 8.5f;
        if (z > 55 && airway < airwayRadius + 1.6f)
        {
            return airway < airwayRadius ? -990 : 20;
        }

        if (MathF.Abs(z - 80) < 11 && MathF.Abs(y + 6) < 12 && x is > -38 and < 40)
        {
            return blood + 20;
        }

        (float hx, float hy, float hz) = (x - (16 * _heart), y + 28, z - 32);
        (float along, float across) = ((hx * 0.78f) - (hz * 0.55f) - (hy * 0.25f), (hz * 0.8f) + (hx * 0.5f));
        float heart = Ball(along, hy, across, 0, 0, 0, 66 * _heart, 46 * MathF.Sqrt(_heart), 52 * MathF.Sqrt(_heart));
        if (heart < 1)
        {
            float lv = Ball(along, hy, across, 24, -4, 2, 34 * _heart, 22, 23);
            float rest = Ball(along, hy, across, -24, 6, 4, 30 * _heart, 34, 36);
            float rv = Ball(along, hy, across, 8, -26, -16, 34 * _heart, 15, 18);
            return MathF.Min(MathF.Min(lv, rest), rv) < 1 ? blood : heart > 0.94f ? Fat + 30 : 50 + (_enhancement * 0.28f);
        }

        float mediastinum = z > 130 ? 26 - ((z - 130) * 0.02f) : 30 - (6 * MathF.Sin(z * 0.03f));
        bool apex = z > 205 - (MathF.Pow(MathF.Abs(MathF.Abs(x) - 62) / 42, 2) * 30) - (MathF.Pow(y / 70, 2) * 25);
        if (apex)
        {
            return _noise.At(x * 0.05f, y * 0.05f, z * 0.05f) > 0.1f ? Fat : Muscle;
        }

        if (MathF.Abs(x) < mediastinum && y < spineY + 4)
        {
            return Circle(x, y, 4, 24, 8) < 1 ? 38 : Fat + (35 * Math.Max(0, _noise.At(x * 0.1f, y * 0.1f, z * 0.1f)));
        }

        if (body > 0.845f)
        {
            return Muscle;
        }

        if (Effusion != 0 && x * Effusion > 0 && y > 30 - ((z + 20) * 0.35f) - (30 * (body - 0.6f)) && z < 95)
        {
            return 8;
        }

        return Lung(x, y, z);
    }

    private float Lung(float x, float y, float z)
    {
        foreach ((float nx, float ny, float nz, float r) in _nodules)
        {
            if (Ball(x, y, z, nx, ny, nz, r, r, r) < 1 + (0.35f * _noise.At(x * 0.2f, y * 0.2f, z * 0.2f)))
            {
                return 40;
            }
        }

        float hilum = MathF.Sqrt(MathF.Pow(MathF.Abs(x) - 34, 2) + (y * y) + (MathF.Pow(z - 75, 2) * 0.6f));
        float thick = Math.Max(0.055f, 0.26f - (hilum * 0.0022f));
        (float a, float b) = (_vessels.At(x * 0.055f, y * 0.055f, z * 0.055f), _crossing.At(x * 0.055f, y * 0.055f, z * 0.055f));
        float lung = _lung + (45 * (y / 90)) + (25 * _noise.At(x * 0.1f, y * 0.1f, z * 0.1f));
        float tube = (a * a) + (b * b);
        if (_opacity != 0 && x * _opacity > 0)
        {
            float dense = 1.1f - MathF.Sqrt(Ball(x, y, z, _opacity * 72, 15, 45, 48, 60, 50)) + (0.7f * _noise.Fractal(x * 0.05f, y * 0.05f, z * 0.05f, 3));
            lung += (820 + lung * -0.02f) * Math.Clamp(dense * 1.6f, 0, 1);
        }

        return tube < thick * thick ? Math.Max(lung, 30 + (_enhancement * 0.7f)) : lung;
    }

    private float Abdomen(float x, float y, float z, float body)
    {
        float blood = 45 + (_enhancement * 0.8f);
        float spineY = _depth * 0.5f;
        if (Circle(x, y, 9, spineY - 26, 10.5f) < 1 || Circle(x, y, -19, spineY - 22, 12) < 1)
        {
            return x > 0 ? blood : 45 + (_enhancement * 0.5f);
        }

        float side = x < 0 ? -1 : 1;
        float kidneyZ = x < 0 ? -98 : -86;
        float kidney = Ball(x, y, z, side * 60, 34, kidneyZ, 29, 27, 55);
        if (kidney < 1)
        {
            float sinus = Ball(x, y, z, side * 50, 32, kidneyZ, 17, 11, 30);
            return sinus < 1 ? Fat + 25 : kidney > 0.62f ? 38 + (_enhancement * 0.85f) : 32 + (_enhancement * 0.55f);
        }

        if (z < -70 && Circle(x, y, side * 36, spineY - 4, 15 + Math.Min((-70 - z) * 0.08f, 9)) < 1)
        {
            return Muscle;
        }

        float liver = Ball(x, y, z, -72, -6, -32, 98, 88, 82) * (1 + (0.08f * _noise.At(x * 0.02f, y * 0.02f, z * 0.02f)));
        if (liver < 1 && x < 40 && !(x > -20 && y > 18) && body < 0.89f)
        {
            foreach ((float lx, float ly, float lz, float r) in _lesions)
            {
                if (Ball(x, y, z, lx, ly, lz, r, r, r) < 1)
                {
                    return 22 + (_enhancement * 0.08f);
                }
            }

            (float a, float b) = (_vessels.At(x * 0.03f, y * 0.03f, z * 0.03f), _crossing.At(x * 0.03f, y * 0.03f, z * 0.03f));
            return (a * a) + (b * b) < 0.012f ? 40 + (_enhancement * 0.6f) : 58 + (_enhancement * 0.32f);
        }

        if (Ball(x, y, z, -42, -48, -72, 16, 18, 26) < 1)
        {
            return 8;
        }

        if (Ball(x, y, z, 98, 28, -18, 26, 46, 52) < 1 && body < 0.89f)
        {
            return 50 + (_enhancement * 0.45f);
        }

        float stomach = Ball(x, y, z, 56, -34, -28 + _stomach, 48, 40, 46);
        if (stomach < 1)
        {
            return stomach > 0.85f ? 45 + (_enhancement * 0.3f) : y < -46 ? -960 : 18 + (25 * _noise.At(x * 0.1f, y * 0.1f, z * 0.1f));
        }

        if (Ball(x, y + (x * x * 0.004f), z, 14, 2, -62, 58, 12, 13) < 1)
        {
            return 42 + (_enhancement * 0.35f);
        }

        // Colon along the flanks and across; small bowel between.
        float flank = MathF.Sqrt(MathF.Pow(MathF.Abs(x) - (_width * 0.7f), 2) + MathF.Pow(y + 6, 2)) / 22;
        float transverse = MathF.Sqrt(MathF.Pow(z + 100 + (x * x * -0.0012f), 2) + MathF.Pow(y + (_depth * 0.55f), 2)) / 21;
        float colon = Math.Min(z < -60 ? flank : 9, transverse) * (1 + (0.15f * MathF.Sin(z * 0.22f)));
        if (colon < 1)
        {
            float content = _noise.Fractal(x * 0.09f, y * 0.09f, z * 0.09f, 2) - (y * 0.008f) - 0.2f;
            return colon > 0.86f ? 45 : content > 0 ? -850 : -60 + (90 * _noise.At(x * 0.3f, y * 0.3f, z * 0.3f));
        }

        if (z < -60 && y < spineY - 34)
        {
            float loops = _noise.Fractal(x * 0.05f, y * 0.05f, z * 0.05f, 2);
            float ring = MathF.Abs(loops - 0.12f);
            return loops > 0.12f ? (loops > 0.5f && y < -15 ? -700 : ring < 0.06f ? 55 + (_enhancement * 0.3f) : 25) : (_vessels.At(x * 0.12f, y * 0.12f, z * 0.12f) > 0.72f ? blood : Fat);
        }

        return Fat + (14 * _noise.At(x * 0.08f, y * 0.08f, z * 0.08f));
    }

    private static float Circle(float x, float y, float cx, float cy, float r) => (((x - cx) * (x - cx)) + ((y - cy) * (y - cy))) / (r * r);
}
