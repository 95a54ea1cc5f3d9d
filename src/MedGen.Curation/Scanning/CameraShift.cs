namespace MedGen.Curation.Scanning;

/// <summary>
/// How the picture as a whole went from one frame of the scan to the next. The camera goes the other way: content that goes left is a pan to the
/// right.
/// </summary>
/// <param name="X">Content to the right, in widths of the picture.</param>
/// <param name="Y">Content downwards, in widths of the picture.</param>
/// <param name="Growth">Content grows by this share; negative: it shrinks.</param>
/// <param name="Turn">Content turns clockwise, in radians.</param>
internal sealed record CameraShift(double X, double Y, double Growth, double Turn);
