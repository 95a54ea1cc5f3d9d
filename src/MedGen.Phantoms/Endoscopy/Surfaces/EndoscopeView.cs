using System.Numerics;

namespace MedGen.Phantoms.Endoscopy.Surfaces;

/// <summary>Where the camera looks.</summary>
/// <param name="Centre">World point in the middle of the picture.</param>
/// <param name="HalfSide">World units from the middle to the nearer border of the picture.</param>
/// <param name="Roll">Rotation in radians.</param>
internal readonly record struct EndoscopeView(Vector2 Centre, float HalfSide, float Roll);
