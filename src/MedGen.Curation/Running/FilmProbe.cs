using MedGen.Curation.Results;
using MedGen.Curation.Videos;
using MedGen.Datasets.Files;
using MedGen.Media;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;

namespace MedGen.Curation.Running;

/// <summary>Looks at the files: content, size, length. A film that is unreadable, too small or there before is dropped with the reason.</summary>
internal sealed class FilmProbe(IVideoReader reader, WorkFolder work, int minShortSide)
{
    /// <summary>Looks at a film.</summary>
    /// <param name="root">The input folder.</param>
    /// <param name="video">What is known of it.</param>
    /// <param name="cancellationToken">Stops.</param>
    public async Task<SourceVideo> LookAsync(string root, SourceVideo video, CancellationToken cancellationToken)
    {
        FileInfo file = new(Path.Combine(root, video.FileName));
        if (work.Probe(video.FileName, file) is { } known)
        {
            return known with { Columns = video.Columns };
        }

        string hash = await FileHash.OfAsync(file.FullName, cancellationToken).ConfigureAwait(false);
        SourceVideo looked = video with { Bytes = file.Length, Sha256 = hash };
        try
        {
            IVideoClip clip = await reader.OpenAsync(file.FullName, cancellationToken).ConfigureAwait(false);
            looked = clip.Info is { FrameRate: { } rate, Duration: { } duration } info
                ? looked with
                {
                    Width = info.Width, Height = info.Height, FrameRate = Math.Round(rate, 3), Seconds = duration.TotalSeconds,
                    Codec = info.Codec ?? "", IsRotated = info.RotationDegrees != 0,
                }
                : looked with { RejectedBy = FilmStages.Readable, Reason = "a still, or of unknown length" };
        }
        catch (MediaException exception)
        {
            looked = looked with { RejectedBy = FilmStages.Readable, Reason = exception.Message };
        }

        work.Keep(looked, file);
        return looked;
    }

    /// <summary>Drops equal files, of which the first by name stays, then films that are too small.</summary>
    public IReadOnlyList<SourceVideo> Sift(IReadOnlyList<SourceVideo> videos)
    {
        Dictionary<string, SourceVideo> seen = new(StringComparer.Ordinal);
        return [.. videos.Select(video =>
            video.RejectedBy is not null ? video
            : !seen.TryAdd(video.Sha256, video)
                ? video with { RejectedBy = FilmStages.Duplicate, Reason = $"the same file as {seen[video.Sha256].FileName}" }
            : Math.Min(video.Width, video.Height) < minShortSide
                ? video with { RejectedBy = FilmStages.Size,
                    Reason = $"{video.Width}x{video.Height} px; a shorter side of at least {minShortSide} px" }
            : video)];
    }
}
