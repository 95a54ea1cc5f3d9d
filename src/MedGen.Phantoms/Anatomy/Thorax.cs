namespace MedGen.Phantoms.Anatomy;

/// <summary>What lies above the diaphragm, within the chest wall; coordinates as in <see cref="TrunkVolume"/>.</summary>
/// <param name="patient">The patient.</param>
internal sealed class Thorax(TrunkPatient patient)
{
    /// <summary>Hounsfield units at a point.</summary>
    public float Hounsfield(float x, float y, float z, float body)
    {
        float blood = 45 + patient.Enhancement;
        float spineY = patient.Depth * 0.5f;
        if (Solids.Circle(x, y, 24, spineY - 16, 12.5f) < 1 && z < 105)
        {
            return blood;
        }

        if (MathF.Abs(z - 104) < 13 && MathF.Abs(x - 10 - ((y + 10) * 0.28f)) < 13 && y > -32 && y < spineY - 8)
        {
            return blood;
        }

        if ((z > 70 && z < 105 && Solids.Circle(x, y, -4, -28, 15) < 1) || (z > 60 && Solids.Circle(x, y, -26, -22, 10) < 1 && z < 170))
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

        (float hx, float hy, float hz) = (x - (16 * patient.Heart), y + 28, z - 32);
        (float along, float across) = ((hx * 0.78f) - (hz * 0.55f) - (hy * 0.25f), (hz * 0.8f) + (hx * 0.5f));
        float heart = Solids.Ball(along, hy, across, 0, 0, 0, 66 * patient.Heart, 46 * MathF.Sqrt(patient.Heart), 52 * MathF.Sqrt(patient.Heart));
        if (heart < 1)
        {
            float lv = Solids.Ball(along, hy, across, 24, -4, 2, 34 * patient.Heart, 22, 23);
            float rest = Solids.Ball(along, hy, across, -24, 6, 4, 30 * patient.Heart, 34, 36);
            float rv = Solids.Ball(along, hy, across, 8, -26, -16, 34 * patient.Heart, 15, 18);
            return MathF.Min(MathF.Min(lv, rest), rv) < 1 ? blood : heart > 0.94f ? TrunkTissue.Fat + 30 : 50 + (patient.Enhancement * 0.28f);
        }

        float mediastinum = z > 130 ? 26 - ((z - 130) * 0.02f) : 30 - (6 * MathF.Sin(z * 0.03f));
        bool apex = z > 205 - (MathF.Pow(MathF.Abs(MathF.Abs(x) - 62) / 42, 2) * 30) - (MathF.Pow(y / 70, 2) * 25);
        if (apex)
        {
            return patient.Noise.At(x * 0.05f, y * 0.05f, z * 0.05f) > 0.1f ? TrunkTissue.Fat : TrunkTissue.Muscle;
        }

        if (MathF.Abs(x) < mediastinum && y < spineY + 4)
        {
            return Solids.Circle(x, y, 4, 24, 8) < 1 ? 38 : TrunkTissue.Fat + (35 * Math.Max(0, patient.Noise.At(x * 0.1f, y * 0.1f, z * 0.1f)));
        }

        if (body > 0.845f)
        {
            return TrunkTissue.Muscle;
        }

        if (patient.Effusion != 0 && x * patient.Effusion > 0 && y > 30 - ((z + 20) * 0.35f) - (30 * (body - 0.6f)) && z < 95)
        {
            return 8;
        }

        return Lung(x, y, z);
    }

    private float Lung(float x, float y, float z)
    {
        foreach ((float nx, float ny, float nz, float r) in patient.Nodules)
        {
            if (Solids.Ball(x, y, z, nx, ny, nz, r, r, r) < 1 + (0.35f * patient.Noise.At(x * 0.2f, y * 0.2f, z * 0.2f)))
            {
                return 40;
            }
        }

        float hilum = MathF.Sqrt(MathF.Pow(MathF.Abs(x) - 34, 2) + (y * y) + (MathF.Pow(z - 75, 2) * 0.6f));
        float thick = Math.Max(0.055f, 0.26f - (hilum * 0.0022f));
        (float a, float b) = (patient.Vessels.At(x * 0.055f, y * 0.055f, z * 0.055f), patient.Crossing.At(x * 0.055f, y * 0.055f, z * 0.055f));
        float lung = patient.Lung + (45 * (y / 90)) + (25 * patient.Noise.At(x * 0.1f, y * 0.1f, z * 0.1f));
        float tube = (a * a) + (b * b);
        if (patient.Opacity != 0 && x * patient.Opacity > 0)
        {
            float dense = 1.1f - MathF.Sqrt(Solids.Ball(x, y, z, patient.Opacity * 72, 15, 45, 48, 60, 50))
                + (0.7f * patient.Noise.Fractal(x * 0.05f, y * 0.05f, z * 0.05f, 3));
            lung += (820 + lung * -0.02f) * Math.Clamp(dense * 1.6f, 0, 1);
        }

        return tube < thick * thick ? Math.Max(lung, 30 + (patient.Enhancement * 0.7f)) : lung;
    }
}
