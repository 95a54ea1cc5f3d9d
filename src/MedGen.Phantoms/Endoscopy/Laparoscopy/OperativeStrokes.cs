using System.Numerics;
using MedGen.Phantoms.Endoscopy.Surfaces;

namespace MedGen.Phantoms.Endoscopy.Laparoscopy;

/// <summary>Strokes from which the operating field is painted.</summary>
internal static class OperativeStrokes
{
    /// <summary>A body with a round cross-section that throws a shadow.</summary>
    public static Stroke Body(Tissue tissue, Vector2 from, Vector2 to, float fromRadius, float toRadius) => new()
    {
        Tissue = tissue, From = from, To = to, FromRadius = fromRadius, ToRadius = toRadius, Bulge = 1, Coverage = 1, Opacity = 1, Shadow = 0.4f,
    };

    /// <summary>A flat, ragged layer on what lies below.</summary>
    public static Stroke Layer(Tissue tissue, Vector2 from, Vector2 to, float radius, float coverage) => new()
    {
        Tissue = tissue, From = from, To = to, FromRadius = radius, ToRadius = radius, Coverage = coverage, Opacity = 1, Softness = 0.35f,
        Ragged = 0.3f,
    };

    /// <summary>From 0 to 1 without a jerk at either end.</summary>
    public static float Ease(float value) => Math.Clamp(value, 0, 1) is var t ? t * t * (3 - (2 * t)) : 0;
}
