using System.Numerics;
using MedGen.Phantoms.Fields;

namespace MedGen.Phantoms.Endoscopy.Lumens;

/// <summary>
/// A tube with folds, seen from inside. A ray is followed from fold to fold: it meets the wall before the next fold, or that fold's face, or passes
/// through its opening. So near folds hide what lies behind them, as in a colonoscopy.
/// </summary>
/// <param name="folds">By depth, at least one.</param>
/// <param name="centre">The axis across the lumen at a depth along it, in radii.</param>
/// <param name="noise">Irregularity of the folds.</param>
internal sealed class Lumen(IReadOnlyList<LumenFold> folds, Func<float, Vector2> centre, ValueNoise noise)
{
    private const float Nearest = 0.25f; // folds nearer to the lens than this are behind the picture's border

    // Cosine and sine of each fold's phase and sector; the rays ask for them millions of times.
    private readonly Vector4[] _turns =
        [.. folds.Select(f => new Vector4(MathF.Cos(f.Phase), MathF.Sin(f.Phase), MathF.Cos(f.Sector), MathF.Sin(f.Sector)))];

    /// <summary>The axis across the lumen at a depth along it, in radii.</summary>
    public Vector2 Centre(float depth) => centre(depth);

    /// <summary>Follows a ray.</summary>
    /// <param name="ray">Direction across per unit along, from the camera.</param>
    /// <param name="camera">Where the camera is along the lumen, in radii.</param>
    /// <param name="eye">Where the camera is across the lumen.</param>
    /// <param name="start">Depth along the lumen at which the ray enters it.</param>
    /// <param name="end">Depth along the lumen up to which folds count.</param>
    /// <param name="radius">Radius of the lumen.</param>
    /// <returns>What it meets; null if it passes every fold up to the end.</returns>
    public LumenHit? Trace(Vector2 ray, float camera, Vector2 eye, float start, float end, float radius)
    {
        float length = MathF.Sqrt(1 + ray.LengthSquared());
        float lee = 1;
        for (int i = First(MathF.Max(camera + Nearest, start)); i < folds.Count && folds[i].Depth < end; i++)
        {
            LumenFold fold = folds[i];
            float depth = fold.Depth - camera;
            Vector2 across = eye + (ray * depth) - centre(fold.Depth);
            float distance = across.Length();
            Vector2 around = distance > 1e-4f ? across / distance : Vector2.UnitX;
            float edge = radius * Edge(fold, around, i);
            if (distance <= edge)
            {
                // Light comes from beside the lens, so the lee of a fold lies in its shadow.
                float shadow = Math.Clamp(1.9f * (radius - edge) / radius, 0, 0.6f);
                lee = 1 - (shadow * (1 - Math.Clamp((edge - distance) / (0.22f * radius), 0, 1)));
                continue;
            }

            float slope = MathF.Max(0.02f, Vector2.Dot(ray, around));
            float rise = MathF.Max(0.02f, radius - edge);
            float up = (radius - distance) / rise; // 0 at the wall, 1 at the edge
            if (up <= 0)
            {
                // The wall came first.
                float back = MathF.Min(depth * 0.95f, (distance - radius) / slope);
                float at = MathF.Max(depth - back, 0.05f);
                float corner = Math.Clamp((back - fold.Length) / 0.25f, 0, 1);
                float lean = 0.26f; // the wall swells a little towards the camera between folds
                return new LumenHit(at, around, (slope + lean) / (length * 1.05f), lee * (0.72f + (0.28f * corner)));
            }

            up = MathF.Min(up, 1);
            float tilt = up * up * (3 - (2 * up));
            Vector2 normal = Vector2.Normalize(new Vector2(1 - (0.95f * tilt), 0.35f + tilt));
            float facing = ((normal.X * slope) + normal.Y) / length;
            return new LumenHit(depth - (fold.Length * (1 - up)), around, MathF.Min(1, facing), lee * (0.7f + (0.3f * up)));
        }

        return null;
    }

    private int First(float depth)
    {
        int low = 0;
        int high = folds.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = folds[middle].Depth < depth ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    private float Edge(in LumenFold fold, Vector2 around, int index)
    {
        float cos3 = around.X * ((4 * around.X * around.X) - 3);
        float sin3 = around.Y * (3 - (4 * around.Y * around.Y));
        Vector4 turn = _turns[index];
        float towards = 0.5f + (0.5f * ((around.X * turn.Z) + (around.Y * turn.W)));
        float here = 1 - (fold.Partial * (1 - (towards * towards * (3 - (2 * towards)))));
        float indent = fold.Lobes * (0.5f + (0.5f * ((cos3 * turn.X) + (sin3 * turn.Y))));
        float irregular = 0.25f * noise.At((around.X * 2) + (index * 7.7f), around.Y * 2);
        return 1 - (((fold.Rise * (1 + irregular)) + indent) * here);
    }
}
