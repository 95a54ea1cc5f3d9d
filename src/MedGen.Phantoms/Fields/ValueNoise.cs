using MedGen.Phantoms.Randomness;

namespace MedGen.Phantoms.Fields;

/// <summary>
/// Smooth random fields: values drawn at the points of a unit lattice, joined by a smoothstep. No memory, so a field has no borders.
/// </summary>
/// <param name="seed">Seed; another seed gives an unrelated field.</param>
internal readonly struct ValueNoise(int seed)
{
    private readonly uint _seed = Streams.Mix((uint)seed + 0x9E3779B9);

    /// <summary>The field at a point of the plane, -1 to 1.</summary>
    public float At(float x, float y)
    {
        int i = (int)MathF.Floor(x);
        int j = (int)MathF.Floor(y);
        (float u, float v) = (Smooth(x - i), Smooth(y - j));
        return Mix(Mix(Lattice(i, j, 0), Lattice(i + 1, j, 0), u), Mix(Lattice(i, j + 1, 0), Lattice(i + 1, j + 1, 0), u), v);
    }

    /// <summary>The field at a point of space (or of the plane and time), -1 to 1.</summary>
    public float At(float x, float y, float z)
    {
        int i = (int)MathF.Floor(x);
        int j = (int)MathF.Floor(y);
        int k = (int)MathF.Floor(z);
        (float u, float v, float w) = (Smooth(x - i), Smooth(y - j), Smooth(z - k));
        float near = Mix(Mix(Lattice(i, j, k), Lattice(i + 1, j, k), u), Mix(Lattice(i, j + 1, k), Lattice(i + 1, j + 1, k), u), v);
        float far = Mix(Mix(Lattice(i, j, k + 1), Lattice(i + 1, j, k + 1), u), Mix(Lattice(i, j + 1, k + 1), Lattice(i + 1, j + 1, k + 1), u), v);
        return Mix(near, far, w);
    }

    /// <summary>A sum of octaves, each of half the scale and half the strength of the one before; about -1 to 1.</summary>
    public float Fractal(float x, float y, int octaves)
    {
        float sum = 0;
        float strength = 0.5f;
        for (int octave = 0; octave < octaves; octave++)
        {
            // The offset keeps the lattices of the octaves from meeting at the origin.
            sum += strength * At(x + (octave * 17.3f), y - (octave * 9.1f));
            (x, y, strength) = (x * 2, y * 2, strength / 2);
        }

        return sum / (1 - (strength * 2));
    }

    /// <inheritdoc cref="Fractal(float, float, int)"/>
    public float Fractal(float x, float y, float z, int octaves)
    {
        float sum = 0;
        float strength = 0.5f;
        for (int octave = 0; octave < octaves; octave++)
        {
            sum += strength * At(x + (octave * 17.3f), y - (octave * 9.1f), z + (octave * 5.7f));
            (x, y, z, strength) = (x * 2, y * 2, z * 2, strength / 2);
        }

        return sum / (1 - (strength * 2));
    }

    private static float Smooth(float t) => t * t * (3 - (2 * t));

    private static float Mix(float a, float b, float t) => a + (t * (b - a));

    private float Lattice(int i, int j, int k) =>
        (int)Streams.Mix(_seed ^ ((uint)i * 0x8DA6B343) ^ ((uint)j * 0xD8163841) ^ ((uint)k * 0xCB1AB31F)) * (1f / int.MaxValue);
}
