namespace MedGen.Phantoms.Anatomy;

/// <summary>
/// Chest and abdomen as a function of position, in Hounsfield units. Millimetres: x from the patient's right (negative, left in the picture) to the
/// left, y from front (negative) to back, z upwards from the middle of the diaphragm; about -230 (iliac crests) to 250 (above the lungs).
/// </summary>
internal sealed class TrunkVolume
{
    private readonly TrunkPatient _patient;
    private readonly TrunkSkeleton _skeleton;
    private readonly Thorax _thorax;
    private readonly Abdomen _abdomen;

    /// <summary>Builds the trunk of a patient.</summary>
    /// <param name="patient">The patient.</param>
    public TrunkVolume(TrunkPatient patient)
    {
        _patient = patient;
        (_skeleton, _thorax, _abdomen) = (new TrunkSkeleton(patient), new Thorax(patient), new Abdomen(patient));
    }

    /// <summary>Half of the body's width with fat, in mm.</summary>
    public float HalfWidth => _patient.Width + _patient.Fat;

    /// <summary>Half of the body's depth with fat, in mm.</summary>
    public float HalfDepth => _patient.Depth + _patient.Fat;

    /// <summary>Hounsfield units at a point.</summary>
    public float Hounsfield(float x, float y, float z)
    {
        float taper = z > 120 ? 1 - (0.28f * MathF.Pow((z - 120) / 130, 2)) : z < -60 ? 1 - (0.06f * (-60 - z) / 100) : 1;
        float wobble = 1 + (0.02f * _patient.Noise.At(x * 0.02f, y * 0.02f, z * 0.012f));
        (float w, float d) = (_patient.Width * taper, _patient.Depth * (z > 150 ? taper : 1));
        float skin = Solids.Radius(x, y, w + _patient.Fat, d + _patient.Fat) * wobble;
        if (skin > 1)
        {
            return -1000;
        }

        if (skin > 1 - (2.2f / (d + _patient.Fat)))
        {
            return 20;
        }

        float body = Solids.Radius(x, y, w, d) * wobble;
        if (body > 1)
        {
            return TrunkTissue.Fat + (12 * _patient.Noise.At(x * 0.08f, y * 0.08f, z * 0.05f));
        }

        if (_skeleton.Spine(x, y, z) is { } spine)
        {
            return spine;
        }

        bool abdomen = z < 20;
        float wall = abdomen ? 0.9f : 0.87f;
        if (z > -15 - (30 * MathF.Abs(x) / w) && _skeleton.Rib(x, y, z, body) is { } rib)
        {
            return rib;
        }

        if (body > wall)
        {
            float layer = _patient.Noise.At(x * 0.05f, y * 0.05f, z * 0.03f);
            return MathF.Abs(layer) < 0.12f ? TrunkTissue.Fat + 20 : y > d * 0.3f
                || body < 0.96f ? TrunkTissue.Muscle : layer > 0.15f ? TrunkTissue.Muscle : TrunkTissue.Fat;
        }

        if (z < 0 && y > d * 0.42f && MathF.Abs(x) is > 16 and < 62)
        {
            return TrunkTissue.Muscle - (30 * Math.Max(0, _patient.Noise.At(x * 0.12f, y * 0.12f, z * 0.05f)));
        }

        return z > Dome(x, y) ? _thorax.Hounsfield(x, y, z, body) : _abdomen.Hounsfield(x, y, z, body);
    }

    private static float Dome(float x, float y)
    {
        float centre = x < 0 ? -68 : 62;
        float fall = MathF.Pow((x - centre) / 78, 2) + MathF.Pow((y + 8) / 95, 2);
        return (x < 0 ? 34 : 22) - (52 * fall) - (MathF.Abs(x) < 20 ? 6 : 0);
    }
}
