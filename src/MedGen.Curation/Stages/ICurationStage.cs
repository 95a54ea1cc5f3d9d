using MedGen.Curation.Clips;

namespace MedGen.Curation.Stages;

/// <summary>One step of the funnel. The first is given whole films as clips; each gives what comes of one clip.</summary>
internal interface ICurationStage
{
    /// <summary>Name in the funnel.</summary>
    string Name { get; }

    /// <summary>Why the stage is left out here, in words; null: it is not.</summary>
    string? LeftOut { get; }

    /// <summary>Judges a clip.</summary>
    /// <param name="source">The film, its scan and its frames.</param>
    /// <param name="clip">A clip that is alive.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>The clip with its scores, the same dropped with a reason, or the pieces that it is divided into.</returns>
    Task<IReadOnlyList<CuratedClip>> RunAsync(ClipSource source, CuratedClip clip, CancellationToken cancellationToken);
}
