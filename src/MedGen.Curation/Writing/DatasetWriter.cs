using System.Text;
using System.Text.Json;
using MedGen.Curation.Clips;
using MedGen.Curation.Results;
using MedGen.Curation.Specifications;
using MedGen.Curation.Stages;
using MedGen.Curation.Videos;
using MedGen.Datasets.Specifications;
using MedGen.Sdk.Files;

namespace MedGen.Curation.Writing;

/// <summary>Writes the lists and the card once all films are done. The clips lie in their places already.</summary>
internal static class DatasetWriter
{
    /// <summary>The list that trainers read.</summary>
    public const string Metadata = "metadata.jsonl";

    /// <summary>The specification that the folder belongs to.</summary>
    public const string Claim = "curation.json";

    /// <summary>Every film and clip, dropped ones too, with scores, reasons and prompts.</summary>
    public const string Manifest = "manifest.jsonl";

    /// <summary>Writes all.</summary>
    public static async Task<CurationSummary> WriteAsync(
        string folder, CurationSpec spec, InputFolder input, IReadOnlyList<CuratedFilm> films, string? keyframesLeftOut,
        IReadOnlyList<ICurationStage> stages, string features, CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<string, string> splits = ClipSplits.Of(films, spec.Split, spec.Seed);
        (CuratedFilm Film, CuratedClip Clip)[] kept =
            [.. films.SelectMany(film => film.Kept.OrderBy(clip => clip.Start).Select(clip => (film, clip)))];
        Dictionary<string, object>[] lines =
        [
            .. kept.Select(one => ClipLine.Of(
                one.Film.Video, one.Clip, splits[one.Film.Video.Group], new FileInfo(Path.Combine(folder, one.Clip.File!)).Length)),
        ];
        await ClipShards.WriteAsync(folder, spec.Format, lines, cancellationToken).ConfigureAwait(false);
        WholeFile.Write(Path.Combine(folder, Metadata), Lines(lines));
        WholeFile.Write(Path.Combine(folder, Manifest), Lines(films.SelectMany(film => ManifestLines(film, splits))));
        CurationSummary summary = new()
        {
            Films = films.Count,
            Clips = kept.Length,
            Seconds = kept.Sum(one => one.Clip.Seconds),
            Copied = kept.Count(one => one.Clip.Cut == "copy"),
            Splits = kept.GroupBy(one => splits[one.Film.Video.Group]).ToDictionary(split => split.Key, split => split.Count()),
            Funnel = [.. FilmRows(films, keyframesLeftOut), .. stages.Select(stage => ClipRow(stage, films))],
            Warnings =
            [
                .. films.Where(film => film.Video.RejectedBy == FilmStages.Readable).Select(film => $"{film.Video.FileName}: {film.Video.Reason}"),
                .. films.Where(film => film.BrokenOff is not null).Select(film => $"{film.Video.FileName}: used up to its damage: {film.BrokenOff}"),
            ],
        };
        CurationCard.Of(spec, input, films, kept, splits, summary, features).Write(folder, "README.md");
        return summary;
    }

    private static string Lines(IEnumerable<object> lines)
    {
        StringBuilder text = new();
        foreach (object line in lines)
        {
            text.Append(JsonSerializer.Serialize(line, SpecificationJson.Options)).Append('\n');
        }

        return text.ToString();
    }

    private static IEnumerable<object> ManifestLines(CuratedFilm film, IReadOnlyDictionary<string, string> splits)
    {
        yield return new { Kind = "film", Film = film.Video, film.BrokenOff };
        foreach (CuratedClip clip in film.State?.Clips ?? [])
        {
            yield return new
            {
                Kind = "clip", Film = film.Video.FileName, Split = clip.IsAlive ? splits[film.Video.Group] : null, clip.File, clip.Start, clip.End,
                    clip.RejectedBy,
                clip.Reason, clip.Cut, clip.Crop, clip.Modality, clip.CameraMotion, clip.Category, clip.Flags, clip.Scores, clip.Caption,
            };
        }
    }

    private static IEnumerable<FunnelRow> FilmRows(IReadOnlyList<CuratedFilm> films, string? keyframesLeftOut)
    {
        CuratedFilm[] left = [.. films];
        foreach (string stage in new[] { FilmStages.Readable, FilmStages.Duplicate, FilmStages.Size, FilmStages.Keyframes })
        {
            CuratedFilm[] after = [.. left.Where(film => film.Video.RejectedBy != stage)];
            yield return new FunnelRow(
                stage, "films", new StageCount(left.Length, after.Length, left.Sum(film => film.Video.Seconds),
                    after.Sum(film => film.Video.Seconds)),
                stage == FilmStages.Keyframes ? keyframesLeftOut : null);
            left = after;
        }
    }

    private static FunnelRow ClipRow(ICurationStage stage, IReadOnlyList<CuratedFilm> films) => new(
        stage.Name, "clips",
        films.Select(film => film.State?.Counts.GetValueOrDefault(stage.Name) ?? StageCount.None)
            .Aggregate(StageCount.None, (sum, one) => sum.Plus(one)),
        stage.LeftOut);
}
