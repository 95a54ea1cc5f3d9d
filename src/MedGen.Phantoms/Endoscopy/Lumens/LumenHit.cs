using System.Numerics;

namespace MedGen.Phantoms.Endoscopy.Lumens;

/// <summary>What a ray from the camera meets.</summary>
/// <param name="Depth">Distance along the lumen from the camera, in radii.</param>
/// <param name="Around">Unit vector from the lumen's axis to the point, across the lumen.</param>
/// <param name="Facing">Cosine between the surface's normal and the ray back to the camera.</param>
/// <param name="Occlusion">Light that reaches creases and the lee of a fold, 0 to 1.</param>
internal readonly record struct LumenHit(float Depth, Vector2 Around, float Facing, float Occlusion);
