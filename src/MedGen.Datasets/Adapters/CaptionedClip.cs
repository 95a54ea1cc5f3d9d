using MedGen.Sdk.Augmentation;

namespace MedGen.Datasets.Adapters;

/// <summary>A training clip with words.</summary>
/// <param name="Clip">The clip.</param>
/// <param name="Sha256">SHA-256 of its pixels at the shape of the training, lower-case hex.</param>
/// <param name="Captions">What it is shown under, each as often as the others.</param>
public sealed record CaptionedClip(SourceClip Clip, string Sha256, IReadOnlyList<string> Captions);
