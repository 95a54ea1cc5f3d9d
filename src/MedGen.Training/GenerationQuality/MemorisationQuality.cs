namespace MedGen.Training.GenerationQuality;

/// <summary>Whether generated clips repeat training clips: distance to the nearest training clip, in two spaces.</summary>
/// <param name="Space">What is compared.</param>
/// <param name="Generated">Median distance of generated clips to their nearest training clip.</param>
/// <param name="HeldOut">The same for held-out clips, which cannot be copies.</param>
/// <param name="CloserShare">Share of the generated clips that are nearer to a training clip than the nearest twentieth of the held-out clips; 0.05 is expected of clips that are no copies.</param>
public sealed record MemorisationQuality(string Space, double Generated, double HeldOut, double CloserShare);
