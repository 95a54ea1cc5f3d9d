namespace MedGen.Training.SurgicalPhase;

/// <summary>The features of a film's frames, one a second.</summary>
/// <param name="Film">The film.</param>
/// <param name="Variants">Features [T · Length] of the views as they are, then of changed ones.</param>
/// <param name="Phases">Phase of each of the T seconds.</param>
internal sealed record FilmFeatures(PhaseFilm Film, IReadOnlyList<float[]> Variants, int[] Phases)
{
    /// <summary>Features of a frame.</summary>
    public int Length => Variants[0].Length / Phases.Length;
}
