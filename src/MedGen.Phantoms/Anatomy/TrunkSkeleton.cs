namespace MedGen.Phantoms.Anatomy;

/// <summary>Spine, ribs and breastbone; coordinates as in <see cref="TrunkVolume"/>.</summary>
/// <param name="patient">The patient.</param>
internal sealed class TrunkSkeleton(TrunkPatient patient)
{
    /// <summary>Hounsfield units where the spine with its canal is, otherwise null.</summary>
    public float? Spine(float x, float y, float z)
    {
        float centre = patient.Depth * 0.5f;
        float segment = (z + 1000) / 29;
        float inSegment = (segment - MathF.Floor(segment)) * 29;
        bool disc = inSegment < 5.5f;
        float waist = disc ? 0 : 1.5f * MathF.Abs(((inSegment - 5.5f) / 23.5f) - 0.5f);
        float r = MathF.Sqrt(MathF.Pow(x / (19f + waist), 2) + MathF.Pow((y - centre) / (15.5f + waist), 2));
        if (r < 1)
        {
            return disc ? 85 : r > 0.9f || inSegment < 7.5f || inSegment > 27 ? 520 : 170 + (70 * patient.Noise.At(x * 0.4f, y * 0.4f, z * 0.3f));
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
        bool transverse = level && MathF.Abs(
            y - canalY + 3 - (MathF.Abs(x) * 0.12f)) < 4.5f && MathF.Abs(x) is > 8 and < 36 && inSegment is > 12 and < 21;
        return lamina || spinous ? 430 : transverse ? 330 : null;
    }

    /// <summary>Hounsfield units where a rib or the breastbone is, otherwise null.</summary>
    public float? Rib(float x, float y, float z, float body)
    {
        if (body is < 0.86f or > 0.955f)
        {
            return null;
        }

        float front = -y / patient.Depth;
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
}
