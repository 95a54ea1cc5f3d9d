namespace MedGen.Phantoms.Anatomy;

/// <summary>Distances that are 1 on the surface of a solid, less inside and more outside.</summary>
internal static class Solids
{
    /// <summary>A rounded box of half-widths a and b around the origin.</summary>
    public static float Radius(float x, float y, float a, float b)
    {
        (float u, float v) = (MathF.Abs(x / a), MathF.Abs(y / b));
        return MathF.Sqrt(MathF.Sqrt((u * u * u * u) + (v * v * v * v) + (1.5f * u * u * v * v)));
    }

    /// <summary>An ellipsoid; the square of the distance.</summary>
    public static float Ball(float x, float y, float z, float cx, float cy, float cz, float rx, float ry, float rz)
    {
        (float u, float v, float w) = ((x - cx) / rx, (y - cy) / ry, (z - cz) / rz);
        return (u * u) + (v * v) + (w * w);
    }

    /// <summary>A circle; the square of the distance.</summary>
    public static float Circle(float x, float y, float cx, float cy, float r) => (((x - cx) * (x - cx)) + ((y - cy) * (y - cy))) / (r * r);
}
