using MedGen.Sdk.Augmentation;
using MedGen.Datasets.Clips;

namespace MedGen.Datasets.Filters;

/// <summary>A made clip that is judged.</summary>
/// <param name="Label">Class that it is for.</param>
/// <param name="Prompt">Text that it was generated from; null: none.</param>
/// <param name="Origin">Where its pixels come from.</param>
/// <param name="Descriptor">Its vector for correlations.</param>
/// <param name="Quality">Its technical quality.</param>
/// <param name="Pixels">R, G, B bytes of all its frames.</param>
internal sealed record CandidateClip(
    string Label, string? Prompt, ClipOrigin Origin, float[] Descriptor, ClipQuality Quality, byte[] Pixels);
