using MedGen.Curation.Clips;
using MedGen.Curation.Videos;

namespace MedGen.Curation.Results;

/// <summary>A film and what came of it.</summary>
/// <param name="Video">The film.</param>
/// <param name="State">Its clips; null: the whole film was dropped before.</param>
/// <param name="BrokenOff">Why its pictures end early; null: they do not.</param>
internal sealed record CuratedFilm(SourceVideo Video, VideoState? State, string? BrokenOff)
{
    /// <summary>Clips that are in the data set.</summary>
    public IEnumerable<CuratedClip> Kept => State?.Clips.Where(clip => clip.IsAlive) ?? [];
}
