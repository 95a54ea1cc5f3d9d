using System.Globalization;
using MedGen.Curation.Clips;
using MedGen.Curation.Results;
using MedGen.Curation.Specifications;
using MedGen.Curation.Videos;
using MedGen.Datasets.Reports;

namespace MedGen.Curation.Writing;

/// <summary>README.md of the data set: a dataset card as Hugging Face reads it, with the funnel, licences and a datasheet.</summary>
internal static class CurationCard
{
    private const double SecondsPerMinute = 60;

    /// <summary>The card.</summary>
    public static Report Of(
        CurationSpec spec, InputFolder input, IReadOnlyList<CuratedFilm> films, IReadOnlyList<(CuratedFilm Film, CuratedClip Clip)> kept,
        IReadOnlyDictionary<string, string> splits, CurationSummary summary, string features)
    {
        Report card = new($"{summary.Clips} captioned clips") { FrontMatter = FrontMatter(kept) };
        card.Text(
            $"{summary.Clips} clips, {summary.Seconds / SecondsPerMinute:0.0} minutes, cut by MedGen Platform from {summary.Films} films.",
            $"`{DatasetWriter.Metadata}` lists them;",
            $"`{DatasetWriter.Manifest}` has every film and clip with scores, and why the others were dropped.",
            $"For research, not for diagnosis.");
        Funnel(card, summary);
        card.Section("Splits");
        card.Text($"By patient where the list of the films names one, else by source film; no source is in two splits.");
        card.Table(["split", "clips", "sources"], summary.Splits.OrderBy(split => split.Key, StringComparer.Ordinal).Select(split => Report.Row(
            $"{split.Key}", $"{split.Value}", $"{splits.Count(group => group.Value == split.Key)}")));
        Licences(card, kept);
        Datasheet(card, spec, input, kept, summary, features);
        return card;
    }

    private static string FrontMatter(IReadOnlyList<(CuratedFilm Film, CuratedClip Clip)> kept)
    {
        string[] licences = [.. kept.Select(one => one.Film.Video.Column("licence") ?? "").Distinct()];
        return $"""
            license: {(licences is [{ Length: > 0 } one] ? one.ToLowerInvariant().Replace(' ', '-') : "other")}
            task_categories:
            - text-to-video
            tags:
            - medical
            - video
            size_categories:
            - {kept.Count switch { < 1000 => "n<1K", < 10_000 => "1K<n<10K", < 100_000 => "10K<n<100K", _ => "100K<n<1M" }}
            """;
    }

    private static void Funnel(Report card, CurationSummary summary)
    {
        card.Section("Funnel");
        card.Table(["stage", "unit", "before", "after", "minutes before", "minutes after"], summary.Funnel.Select(row => row.LeftOut is { } why
            ? Report.Row($"{row.Stage}", $"{row.Unit}", $"left out: {why}", $"–", $"–", $"–")
            : Report.Row(
                $"{row.Stage}", $"{row.Unit}", $"{row.Count.Before}", $"{row.Count.After}", $"{row.Count.SecondsBefore / SecondsPerMinute:0.0}",
                $"{row.Count.SecondsAfter / SecondsPerMinute:0.0}")));
        card.Figure(FunnelPicture.Of(summary.Funnel));
        if (summary.Warnings.Count > 0)
        {
            card.Text($"Damaged films:");
            card.List(summary.Warnings);
        }
    }

    private static void Licences(Report card, IReadOnlyList<(CuratedFilm Film, CuratedClip Clip)> kept)
    {
        card.Section("Licences and attributions");
        card.Text($"As the list beside the films states them. Where it states none, whoever gives the clips away must know the right to do so.");
        card.Table(["licence", "attribution", "clips"], kept
            .GroupBy(one => (Licence: one.Film.Video.Column("licence"), Attribution: one.Film.Video.Column("attribution"))).Select(terms =>
                Report.Row($"{terms.Key.Licence ?? "not stated"}", $"{terms.Key.Attribution ?? "not stated"}", $"{terms.Count()}")));
    }

    private static void Datasheet(
        Report card, CurationSpec spec, InputFolder input, IReadOnlyList<(CuratedFilm Film, CuratedClip Clip)> kept, CurationSummary summary,
            string features)
    {
        string captioners = string.Join(", ", kept.Select(one => one.Clip.Caption!.Captioner).Distinct().DefaultIfEmpty("nobody"));
        string modalities = string.Join(", ", kept.GroupBy(one => one.Clip.Modality ?? "not asked").OrderByDescending(group => group.Count())
            .Select(group => string.Create(CultureInfo.InvariantCulture, $"{group.Key} {group.Count()}")).DefaultIfEmpty("none"));
        string passedOver = string.Join(", ", input.PassedOver.Select(kind => string.Create(CultureInfo.InvariantCulture, $"{kind.Value} {kind.Key}"))
            .DefaultIfEmpty("none"));
        bool looked = summary.Funnel.Any(row => row is { Stage: "faces and identifiers", LeftOut: null });
        card.Section("Datasheet");
        card.List([
            $"Composition: clips without sound and without the films' metadata. Modalities by the classifier: {modalities}.",
            string.Create(
                CultureInfo.InvariantCulture,
                $"Cutting: {summary.Copied} of {summary.Clips} clips hold the pictures of their film unchanged (`copy`), "
                    + $"the others were encoded anew (`encode`)."),
            $"Seconds were compared by {features}.",
            $"Captions by {captioners}; prompts stand in `{DatasetWriter.Manifest}`. Nobody has checked them.",
            looked
                ? "Identifiers: the detectors of the specification looked for them; what they miss is still there."
                : "Identifiers: **nobody has looked for faces and burned-in names.** Treat the clips as the recordings they come from.",
            string.Create(
                CultureInfo.InvariantCulture,
                $"Thresholds: `{DatasetWriter.Claim}`, among them a shorter side of {spec.MinShortSide} px "
                    + $"and runs of {spec.Coherence.MinSeconds:0.#} s."),
            $"Files of the input folder that are no films, passed over: {passedOver}.",
        ]);
    }
}
