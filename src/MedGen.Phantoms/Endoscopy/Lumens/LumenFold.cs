namespace MedGen.Phantoms.Endoscopy.Lumens;

/// <summary>A fold or ring that narrows a lumen.</summary>
/// <param name="Depth">Where it is along the lumen, in radii of the lumen.</param>
/// <param name="Rise">How far it rises from the wall, in radii.</param>
/// <param name="Lobes">Depth of the threefold indentation that makes the opening triangular, in radii.</param>
/// <param name="Phase">Rotation of the indentation in radians.</param>
/// <param name="Sector">Direction in radians in which the fold is highest.</param>
/// <param name="Partial">How much of the circumference lacks the fold: 0 all around, 1 only towards <paramref name="Sector"/>.</param>
/// <param name="Length">Extent of the fold's face along the lumen, in radii.</param>
internal readonly record struct LumenFold(float Depth, float Rise, float Lobes, float Phase, float Sector, float Partial, float Length);
