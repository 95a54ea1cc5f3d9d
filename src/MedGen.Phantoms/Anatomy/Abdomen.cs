namespace MedGen.Phantoms.Anatomy;

/// <summary>What lies below the diaphragm, within the abdominal wall; coordinates as in <see cref="TrunkVolume"/>.</summary>
/// <param name="patient">The patient.</param>
internal sealed class Abdomen(TrunkPatient patient)
{
    /// <summary>Hounsfield units at a point.</summary>
    public float Hounsfield(float x, float y, float z, float body)
    {
        float blood = 45 + (patient.Enhancement * 0.8f);
        float spineY = patient.Depth * 0.5f;
        if (Solids.Circle(x, y, 9, spineY - 26, 10.5f) < 1 || Solids.Circle(x, y, -19, spineY - 22, 12) < 1)
        {
            return x > 0 ? blood : 45 + (patient.Enhancement * 0.5f);
        }

        float side = x < 0 ? -1 : 1;
        float kidneyZ = x < 0 ? -98 : -86;
        float kidney = Solids.Ball(x, y, z, side * 60, 34, kidneyZ, 29, 27, 55);
        if (kidney < 1)
        {
            float sinus = Solids.Ball(x, y, z, side * 50, 32, kidneyZ, 17, 11, 30);
            return sinus < 1 ? TrunkTissue.Fat + 25 : kidney > 0.62f ? 38 + (patient.Enhancement * 0.85f) : 32 + (patient.Enhancement * 0.55f);
        }

        if (z < -70 && Solids.Circle(x, y, side * 36, spineY - 4, 15 + Math.Min((-70 - z) * 0.08f, 9)) < 1)
        {
            return TrunkTissue.Muscle;
        }

        float liver = Solids.Ball(x, y, z, -72, -6, -32, 98, 88, 82) * (1 + (0.08f * patient.Noise.At(x * 0.02f, y * 0.02f, z * 0.02f)));
        if (liver < 1 && x < 40 && !(x > -20 && y > 18) && body < 0.89f)
        {
            foreach ((float lx, float ly, float lz, float r) in patient.Lesions)
            {
                if (Solids.Ball(x, y, z, lx, ly, lz, r, r, r) < 1)
                {
                    return 22 + (patient.Enhancement * 0.08f);
                }
            }

            (float a, float b) = (patient.Vessels.At(x * 0.03f, y * 0.03f, z * 0.03f), patient.Crossing.At(x * 0.03f, y * 0.03f, z * 0.03f));
            return (a * a) + (b * b) < 0.012f ? 40 + (patient.Enhancement * 0.6f) : 58 + (patient.Enhancement * 0.32f);
        }

        if (Solids.Ball(x, y, z, -42, -48, -72, 16, 18, 26) < 1)
        {
            return 8;
        }

        if (Solids.Ball(x, y, z, 98, 28, -18, 26, 46, 52) < 1 && body < 0.89f)
        {
            return 50 + (patient.Enhancement * 0.45f);
        }

        float stomach = Solids.Ball(x, y, z, 56, -34, -28 + patient.Stomach, 48, 40, 46);
        if (stomach < 1)
        {
            return stomach > 0.85f ? 45 + (patient.Enhancement * 0.3f) : y < -46 ? -960 : 18 + (25 * patient.Noise.At(x * 0.1f, y * 0.1f, z * 0.1f));
        }

        if (Solids.Ball(x, y + (x * x * 0.004f), z, 14, 2, -62, 58, 12, 13) < 1)
        {
            return 42 + (patient.Enhancement * 0.35f);
        }

        // Colon along the flanks and across; small bowel between.
        float flank = MathF.Sqrt(MathF.Pow(MathF.Abs(x) - (patient.Width * 0.7f), 2) + MathF.Pow(y + 6, 2)) / 22;
        float transverse = MathF.Sqrt(MathF.Pow(z + 100 + (x * x * -0.0012f), 2) + MathF.Pow(y + (patient.Depth * 0.55f), 2)) / 21;
        float colon = Math.Min(z < -60 ? flank : 9, transverse) * (1 + (0.15f * MathF.Sin(z * 0.22f)));
        if (colon < 1)
        {
            float content = patient.Noise.Fractal(x * 0.09f, y * 0.09f, z * 0.09f, 2) - (y * 0.008f) - 0.2f;
            return colon > 0.86f ? 45 : content > 0 ? -850 : -60 + (90 * patient.Noise.At(x * 0.3f, y * 0.3f, z * 0.3f));
        }

        if (z < -60 && y < spineY - 34)
        {
            float loops = patient.Noise.Fractal(x * 0.05f, y * 0.05f, z * 0.05f, 2);
            float ring = MathF.Abs(loops - 0.12f);
            return loops > 0.12f
                ? (loops > 0.5f && y < -15 ? -700 : ring < 0.06f ? 55 + (patient.Enhancement * 0.3f) : 25)
                : (patient.Vessels.At(x * 0.12f, y * 0.12f, z * 0.12f) > 0.72f ? blood : TrunkTissue.Fat);
        }

        return TrunkTissue.Fat + (14 * patient.Noise.At(x * 0.08f, y * 0.08f, z * 0.08f));
    }
}
