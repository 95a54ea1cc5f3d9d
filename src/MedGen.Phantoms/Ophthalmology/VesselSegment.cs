using System.Numerics;

namespace MedGen.Phantoms.Ophthalmology;

/// <summary>A straight piece of a retinal vessel; lengths in disc diameters.</summary>
/// <param name="From">One end.</param>
/// <param name="To">The other end.</param>
/// <param name="FromWidth">Width at <paramref name="From"/>.</param>
/// <param name="ToWidth">Width at <paramref name="To"/>.</param>
/// <param name="IsVein">Vein (darker) or artery (with a bright reflex).</param>
internal readonly record struct VesselSegment(Vector2 From, Vector2 To, float FromWidth, float ToWidth, bool IsVein);
