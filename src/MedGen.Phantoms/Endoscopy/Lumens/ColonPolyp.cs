using System.Numerics;
using MedGen.Phantoms.Fields;

namespace MedGen.Phantoms.Endoscopy.Lumens;

/// <summary>A polyp: a sphere at the wall. Flat ones sit deep in it, pedunculated ones stand off on a stalk.</summary>
internal sealed record ColonPolyp
{
    /// <summary>Where it is along the colon, in radii.</summary>
    public required float Depth { get; init; }

    /// <summary>Where it is around the colon, in radians.</summary>
    public required float Angle { get; init; }

    /// <summary>Diameter in radii of the colon.</summary>
    public required float Size { get; init; }

    /// <summary>Paris shape: <c>flat</c>, <c>sessile</c> or <c>pedunculated</c>.</summary>
    public required string Shape { get; init; }

    /// <summary>The colon's axis across the lumen at a depth along it, in radii.</summary>
    public required Func<float, Vector2> Centre { get; init; }

    /// <summary>How uneven its surface is.</summary>
    public required ValueNoise Noise { get; init; }

    /// <summary>Its middle: across the lumen, and along it.</summary>
    public Vector3 Head()
    {
        float out1 = 1 - (Shape switch { "flat" => -0.25f, "sessile" => 0.25f, _ => 0.75f } * Size / 2);
        return new Vector3(Centre(Depth) + (Outward() * out1), Depth);
    }

    /// <summary>Follows a ray.</summary>
    /// <param name="ray">Direction across per unit along, from the camera.</param>
    /// <param name="camera">Where the camera is along the colon, in radii.</param>
    /// <param name="eye">Where the camera is across the colon.</param>
    /// <param name="before">Distance along the colon of what lies behind; farther away it is hidden.</param>
    /// <returns>What the ray meets; null: it passes.</returns>
    public LumenHit? Hit(Vector2 ray, float camera, Vector2 eye, float before)
    {
        Vector3 origin = new(eye, camera);
        Vector3 direction = Vector3.Normalize(new Vector3(ray, 1));
        Vector3 head = Head();
        LumenHit? found = Sphere(origin, direction, head, Size / 2, before);
        if (Shape != "pedunculated")
        {
            return found;
        }

        for (int i = 1; i <= 4; i++)
        {
            Vector3 stalk = head + new Vector3(Outward() * (0.13f * i * Size), 0);
            LumenHit? part = Sphere(origin, direction, stalk, Size * 0.2f, found?.Depth ?? before);
            found = part ?? found;
        }

        return found;
    }

    private Vector2 Outward()
    {
        (float sin, float cos) = MathF.SinCos(Angle);
        return new Vector2(cos, sin);
    }

    private LumenHit? Sphere(Vector3 origin, Vector3 direction, Vector3 middle, float radius, float before)
    {
        Vector3 to = middle - origin;
        float along = Vector3.Dot(to, direction);
        float squared = to.LengthSquared() - (along * along);
        if (along <= 0 || squared > radius * radius * 1.3f)
        {
            return null;
        }

        Vector3 toward = Vector3.Normalize((direction * along) - to);
        float uneven = radius * (1 + (0.14f * Noise.At(toward.X * 2.5f, toward.Y * 2.5f, toward.Z * 2.5f)));
        float half = (uneven * uneven) - squared;
        if (half <= 0)
        {
            return null;
        }

        Vector3 point = origin + (direction * (along - MathF.Sqrt(half)));
        float depth = point.Z - origin.Z;
        if (depth >= before || depth < 0.1f)
        {
            return null;
        }

        Vector3 normal = Vector3.Normalize(point - middle);
        return new LumenHit(depth, new Vector2(normal.X, normal.Y), Math.Clamp(-Vector3.Dot(normal, direction), 0, 1), 1);
    }
}
