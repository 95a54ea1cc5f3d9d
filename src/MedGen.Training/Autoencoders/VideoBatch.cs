namespace MedGen.Training.Autoencoders;

/// <summary>Pixels of some clips of one size.</summary>
/// <param name="Pixels">R, G, B bytes: clip by clip, frame by frame, row by row.</param>
/// <param name="Clips">Clips.</param>
/// <param name="Frames">Frames of each.</param>
/// <param name="Height">Height in px.</param>
/// <param name="Width">Width in px.</param>
internal sealed record VideoBatch(byte[] Pixels, int Clips, int Frames, int Height, int Width);
