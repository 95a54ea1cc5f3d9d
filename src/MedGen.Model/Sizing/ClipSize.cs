namespace MedGen.Model.Sizing;

/// <summary>Size of a clip.</summary>
/// <param name="Width">Width in px.</param>
/// <param name="Height">Height in px.</param>
/// <param name="NumFrames">Number of frames.</param>
public readonly record struct ClipSize(int Width, int Height, int NumFrames);
