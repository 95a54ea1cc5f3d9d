using MedGen.Phantoms.Fields;
using MedGen.Phantoms.Randomness;

namespace MedGen.Phantoms.Ultrasound;

/// <summary>The heart in the plane of the picture: which tissue a scatterer belongs to at end-diastole, and where it goes during the beat.</summary>
internal sealed class CardiacScene
{
    private readonly LeftVentricle _ventricle;
    private readonly float _wall;
    private readonly float _sine;
    private readonly float _cosine;
    private readonly bool _shortAxis;
    private readonly ValueNoise _noise;
    private readonly float _apexX;
    private readonly float _apexZ;
    private readonly float _rightWidth;

    public CardiacScene(LeftVentricle ventricle, double wall, double tilt, bool shortAxis, int seed, Random random)
    {
        (_ventricle, _wall, _shortAxis, _noise) = (ventricle, (float)wall, shortAxis, new ValueNoise(seed));
        (_sine, _cosine) = ((float)Math.Sin(tilt), (float)Math.Cos(tilt));
        _apexX = (float)random.Range(2, 14);
        _apexZ = (float)(shortAxis ? random.Range(62, 74) : random.Range(22, 32));
        _rightWidth = (float)random.Range(0.7, 1.0);
    }

    /// <summary>Sets the amplitude of every scatterer.</summary>
    public void Paint(Scatterers scatterers, UltrasoundProbe probe)
    {
        for (int i = 0; i < scatterers.Count; i++)
        {
            (float x, float z) = (scatterers.X[i], scatterers.Z[i]);
            (float u, float s) = ToHeart(x, z);
            float texture = 1 + (0.35f * _noise.Fractal(x * 0.12f, z * 0.2f, 3));
            float amplitude = (_shortAxis ? ShortAxis(u, s) : FourChamber(u, s)) * texture;
            float nearField = 0.5f * MathF.Exp(-z / 7);
            scatterers.Amplitude[i] = amplitude + nearField;
        }
    }

    /// <summary>Where the scatterers are at a phase of the beat.</summary>
    public void Move(Scatterers scatterers, double phase, float[] x, float[] z)
    {
        (double width, double length) = _ventricle.Scale(phase);
        (float inward, float descent) = ((float)width, (float)(_ventricle.Length * (1 - length)));
        (float a, float l) = ((float)_ventricle.HalfWidth, (float)_ventricle.Length);
        float opening = (float)(
            phase > LeftVentricle.Systole ? Math.Sin(Math.PI * Math.Pow((phase - LeftVentricle.Systole) / (1 - LeftVentricle.Systole), 0.7)) : 0);
        for (int i = 0; i < scatterers.Count; i++)
        {
            (float u, float s) = ToHeart(scatterers.X[i], scatterers.Z[i]);
            if (_shortAxis)
            {
                float r = MathF.Sqrt((u * u) + (s * s));
                float outside = Math.Max(r - a, 0);
                float factor = 1 - ((1 - inward) * MathF.Exp(-outside / 14));
                (u, s) = (u * factor, s * factor);
            }
            else
            {
                // The base comes down to the apex, the walls come together; both fade away from the ventricle.
                float rho = MathF.Sqrt((u / a * u / a) + (s > 0 ? s / l * s / l : s / l * s / l * 0.3f));
                float fade = MathF.Exp(-Math.Max(rho - 1, 0) / 0.45f);
                float beside = MathF.Exp(-Math.Max(Math.Abs(u) - a, 0) / 22);
                float leaflet = s is > 0 and < 14 && Math.Abs(u) < a * 0.95f ? opening : 0;
                float towardsApex = s > 0 ? Math.Max(1 - (s / l), 0) : MathF.Exp(s / 40);
                u *= 1 - ((1 - inward) * fade * (s > 0 ? 1 : MathF.Exp(s / 12)));
                u += leaflet > 0 && IsLeaflet(u, s, a) ? Math.Sign(u) * leaflet * (a * 0.85f - Math.Abs(u)) * 0.8f : 0;
                s += descent * towardsApex * beside;
            }

            (x[i], z[i]) = ToPicture(u, s);
        }
    }

    // Heart coordinates in mm. Four-chamber: u across (left ventricle's lateral wall positive), s from the mitral valve towards the apex. Short axis:
    // from the centre.
    private (float U, float S) ToHeart(float x, float z)
    {
        float originX = _apexX;
        float originZ = _shortAxis ? _apexZ : _apexZ + (float)_ventricle.Length;
        (float dx, float dz) = (x - originX, z - originZ);
        return ((dx * _cosine) + (dz * _sine), _shortAxis ? (dz * _cosine) - (dx * _sine) : (dx * _sine) - (dz * _cosine));
    }

    private (float X, float Z) ToPicture(float u, float s)
    {
        float originX = _apexX;
        float originZ = _shortAxis ? _apexZ : _apexZ + (float)_ventricle.Length;
        float along = _shortAxis ? s : -s;
        return (originX + (u * _cosine) - (along * _sine), originZ + (u * _sine) + (along * _cosine));
    }

    private static bool IsLeaflet(float u, float s, float a) => Math.Abs(s - 1.5f - (7f * (1 - (Math.Abs(u) / a)))) < 2.2f;

    private float FourChamber(float u, float s)
    {
        (float a, float l) = ((float)_ventricle.HalfWidth, (float)_ventricle.Length);
        float wobble = 1 + (0.06f * _noise.At(u * 0.09f, s * 0.09f));
        if (s > -2)
        {
            float inner = MathF.Sqrt((u / a * u / a) + (s / l * s / l)) * wobble;
            float outer = MathF.Sqrt((u / (a + _wall) * u / (a + _wall)) + (s / (l + (_wall * 0.7f)) * s / (l + (_wall * 0.7f))));
            if (inner < 1 && s > 0)
            {
                bool papillary = Math.Abs(u) > a * 0.55f && Math.Abs((s / l) - 0.5f) < 0.12f && _noise.At(u * 0.2f, s * 0.2f) > 0.25f;
                return IsLeaflet(u, s, a) && Math.Abs(u) > a * 0.06f ? 0.85f : papillary ? 0.16f : inner > 0.93f ? 0.2f : 0.012f;
            }

            if (outer < 1)
            {
                bool septum = u < 0;
                return inner < 1.06f ? 0.5f : septum ? 0.36f : 0.3f;
            }

            // Right ventricle: a crescent beside the septum, shorter than the left.
            float rightCentre = -a - _wall - (a * _rightWidth * 0.62f);
            float rv = MathF.Sqrt(MathF.Pow((u - rightCentre) / (a * _rightWidth * 0.8f), 2) + MathF.Pow(s / (l * 0.78f), 2)) * wobble;
            if (rv < 1 && s > 0 && u < -a * 0.5f)
            {
                bool tricuspid = Math.Abs(s + 4 - (6f * (1 - (Math.Abs(u - rightCentre) / (a * _rightWidth * 0.8f))))) < 1.6f;
                return tricuspid ? 0.6f : 0.015f + (0.05f * Math.Max(0, _noise.At(u * 0.25f, s * 0.25f)));
            }

            if (rv < 1.22f && u < 0 && s > -2)
            {
                return 0.4f;
            }

            return outer < 1.09f ? 0.75f : Math.Max(0.06f + (0.14f * _noise.Fractal(u * 0.05f, s * 0.08f, 2)), 0.012f);
        }

        float depth = -s;
        float left = MathF.Sqrt(MathF.Pow(u / (a * 0.85f), 2) + MathF.Pow((depth - 21) / 21, 2)) * wobble;
        float rightAtrium = MathF.Sqrt(MathF.Pow((u + (a * 1.95f)) / (a * 0.85f), 2) + MathF.Pow((depth - 19) / 20, 2)) * wobble;
        if (left < 1 || rightAtrium < 1)
        {
            return 0.012f;
        }

        bool septumBetween = u < -a * 0.75f && u > -a * 1.3f && depth < 30;
        return Math.Min(left, rightAtrium) < 1.13f ? 0.5f : septumBetween ? 0.35f : 0.13f + (0.15f * _noise.Fractal(u * 0.05f, s * 0.08f, 2));
    }

    private float ShortAxis(float u, float s)
    {
        float a = (float)_ventricle.HalfWidth;
        float r = MathF.Sqrt((u * u) + (s * s)) * (1 + (0.05f * _noise.At(u * 0.08f, s * 0.08f)));
        if (r < a)
        {
            bool papillary = Math.Min(Distance(u, s, a * 0.62f, a * 0.42f), Distance(u, s, -a * 0.5f, a * 0.58f)) < a * 0.2f;
            return papillary ? 0.4f : r > a * 0.94f ? 0.25f : 0.012f;
        }

        if (r < a + _wall)
        {
            return s > a * 0.5f ? 0.42f : 0.3f;
        }

        // The right ventricle lies around the septum, up and to the left; a bright pericardium closes the heart off below.
        float rightR = Distance(u, s, -a * 0.95f, -a * 0.35f);
        if (rightR < a * 1.2f && u < a * 0.4f)
        {
            return rightR > a * 1.05f ? 0.35f : 0.018f;
        }

        return r < a + _wall + 3.5f ? (s > 0 ? 1.3f : 0.5f) : s > a ? 0.24f + (0.3f * _noise.Fractal(u * 0.04f, s * 0.09f, 2)) : 0.18f;
    }

    private static float Distance(float u, float s, float atU, float atS) => MathF.Sqrt(((u - atU) * (u - atU)) + ((s - atS) * (s - atS)));
}
