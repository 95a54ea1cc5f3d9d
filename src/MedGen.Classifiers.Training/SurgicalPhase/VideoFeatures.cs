namespace MedGen.Classifiers.Training.SurgicalPhase;

/// <summary>The features of a video's frames, one a second.</summary>
/// <param name="Video">The video.</param>
/// <param name="Variants">Features [T · Length] of the views as they are, then of changed ones.</param>
/// <param name="Phases">Phase of each of the T seconds.</param>
internal sealed record VideoFeatures(PhaseVideo Video, IReadOnlyList<float[]> Variants, int[] Phases)
{
    /// <summary>Features of a frame.</summary>
    public int Length => Variants[0].Length / Phases.Length;
}
