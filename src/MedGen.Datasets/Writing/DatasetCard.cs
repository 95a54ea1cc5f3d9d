using System.Globalization;
using MedGen.Datasets.Adapters;
using MedGen.Datasets.Augmentation;
using MedGen.Datasets.Clips;
using MedGen.Datasets.Reading;
using MedGen.Datasets.Reports;
using MedGen.Sdk.Augmentation;

namespace MedGen.Datasets.Writing;

/// <summary>README.md of the output: a dataset card as Hugging Face reads it, for people who were not there.</summary>
internal static class DatasetCard
{
    private const int Bins = 10;
    private const string LateralityParameter = "laterality"; // of the method classic

    /// <summary>The card.</summary>
    /// <param name="spec">What was asked for.</param>
    /// <param name="summary">What was made.</param>
    /// <param name="nearest">The nearest pairs; null: no clip was kept.</param>
    /// <returns>The report that becomes README.md.</returns>
    public static Report Of(AugmentationSpec spec, AugmentationSummary summary, ReportFigure? nearest)
    {
        ClipRecord[] kept = [.. summary.Records.Where(record => record.Kept)];
        string real = spec.Output.IncludeReal ? $"{summary.Items.Count} real and " : "";
        Report card = new($"{real}{kept.Length} synthetic clips") { FrontMatter = FrontMatter(spec, summary, kept.Length) };
        card.Text(
            $"Synthetic clips are in the training split only, under `train/synthetic`;",
            $"the metadata of each says that it is synthetic, and `metadata.csv` says how it was made.",
            $"{(spec.Output.IncludeReal
                ? "Validation and test clips are real."
                : $"The {N(summary.Items.Count)} real clips that they were made for are not in it.")}",
            $"{GeneratorsFile.Statement(summary.Generators)}",
            $"For research and augmentation, not for diagnosis.");
        card.Table(["class", "real, training", "wanted", "made", "kept", "yield"], summary.Targets.Select(target => Yield(target, summary)));
        Splits(card, summary);
        Methods(card, spec, summary);
        Adapters(card, summary);
        Filters(card, spec, summary);
        Privacy(card, spec, summary);
        Sides(card, kept);
        if (nearest is not null)
        {
            card.Figure(nearest);
        }

        Licences(card, summary, kept);
        return card;
    }

    private static string FrontMatter(AugmentationSpec spec, AugmentationSummary summary, int kept)
    {
        int size = (spec.Output.IncludeReal ? summary.Items.Count : 0) + kept;
        string[] licences = [.. summary.Items.Select(item => item.Licence ?? "").Distinct()];
        IEnumerable<string> splits = summary.Items.Select(item => item.Split).Distinct().Order()
            .Where(split => split == DatasetSplit.Train || spec.Output.IncludeReal).Select(SplitTable.NameOf);
        return $"""
            license: {(licences is [{ Length: > 0 } one] ? one.ToLowerInvariant().Replace(' ', '-') : "other")}
            task_categories:
            - video-classification
            tags:
            - medical
            - synthetic
            - augmented
            size_categories:
            - {size switch { < 1000 => "n<1K", < 10_000 => "1K<n<10K", < 100_000 => "10K<n<100K", _ => "100K<n<1M" }}
            configs:
            - config_name: default
              data_files:
            """ + string.Concat(splits.Select(split =>
                $"\n  - split: {split}\n    path: "
                    + $"{(spec.Output.Format == ClipFormat.Parquet ? $"{ParquetShards.Folder}/{split}-*.parquet" : $"{split}/**")}"));
    }

    private static IReadOnlyList<ReportCell> Yield(ClassTarget target, AugmentationSummary summary)
    {
        ClipRecord[] made = [.. summary.Records.Where(record => record.Class == target.Name)];
        int kept = made.Count(record => record.Kept);
        return Report.Row(
            $"{target.Name}", $"{target.Real}", $"{target.Wanted}", $"{made.Length}",
            $"{kept}{(kept < target.Wanted ? " (short: no more attempts)" : "")}",
            $"{(made.Length == 0 ? "–" : Share(kept, made.Length))}");
    }

    private static void Splits(Report card, AugmentationSummary summary)
    {
        card.Section("Splits");
        card.Text(
            $"By patient; see `splits.csv`.",
            $"Validation clips are kept apart for the training of a classifier; nothing was made or judged by them.");
        card.Table(
            ["split", "real clips", "patients"], summary.Items.GroupBy(item => item.Split).OrderBy(split => split.Key).Select(split => Report.Row(
            $"{SplitTable.NameOf(split.Key)}", $"{split.Count()}",
            $"{(split.All(item => item.PatientId is null) ? "not stated" : N(split.Select(item => item.Group).Distinct().Count()))}")));
        if (summary.Unreadable.Count > 0)
        {
            card.Text($"Not used, {summary.Unreadable.Count}: {string.Join("; ", summary.Unreadable)}.");
        }

        if (PlaceColumns.Of(summary.Items) is { Count: > 0 } columns)
        {
            card.Text($"**Only real clips have {string.Join(", ", columns)}**: no method carries that along with a clip.");
        }

        if (summary.PassedOver.Count > 0)
        {
            string kinds = string.Join(", ", summary.PassedOver.Select(kind => $"{kind.Value} {kind.Key}"));
            card.Text($"Files in the data set's folder that are no clip of it, passed over: {kinds}.");
        }
    }

    private static void Methods(Report card, AugmentationSpec spec, AugmentationSummary summary)
    {
        card.Section("How the synthetic clips were made");
        card.Text(
            $"{spec.Clip.Width} × {spec.Clip.Height} px, {spec.Clip.NumFrames} frames at {spec.Clip.FramesPerSecond} a second, seed {spec.Seed}.",
            $"The whole specification is in `{OutputClaim.FileName}`.");
        card.Table(
            ["method", "made", "kept", "yield", "rejected by", "made from"],
            spec.Methods.Select(method => method.Type).Distinct()
                .Select(name => Method(name, [.. summary.Records.Where(record => record.Method == name)])));
    }

    // One that was asked for and made nothing is there, too.
    private static IReadOnlyList<ReportCell> Method(string name, ClipRecord[] made)
    {
        int kept = made.Count(record => record.Kept);
        string rejected = string.Join(
            ", ", made.Where(record => !record.Kept).GroupBy(AugmentationSummary.FilterOf).OrderBy(own => own.Key, StringComparer.Ordinal)
                .Select(own => $"{own.Key} {N(own.Count())}"));
        return Report.Row(
            $"{name}", $"{made.Length}", $"{kept}", $"{(made.Length == 0 ? "–" : Share(kept, made.Length))}",
            $"{(rejected.Length == 0 ? "–" : rejected)}", $"{(made.Length == 0 ? "–" : Origin(made[0].Origin, made))}");
    }

    private static string Origin(ClipOrigin origin, IEnumerable<ClipRecord> clips) => origin switch
    {
        ClipOrigin.Altered => "recordings of training patients, altered: protect them as you protect the recordings",
        ClipOrigin.Simulated => "a simulator; no patient",
        _ => $"a generative model ({string.Join(", ", clips.Select(record => record.ModelHash?[..12]).Distinct())})",
    };

    private static void Sides(Report card, ClipRecord[] kept)
    {
        int mirrored = kept.Count(record => record.Parameters.ContainsKey(LateralityParameter));
        if (mirrored > 0)
        {
            card.Text(
                $"**{mirrored} synthetic clips are mirrored left to right**: what was left is right in them, whatever label, caption and burnt-in",
                $"marks say; `parameters` in the manifest names them (`{LateralityParameter}`).");
        }
    }

    private static void Adapters(Report card, AugmentationSummary summary)
    {
        if (summary.Adapters.Count == 0)
        {
            return;
        }

        card.Section("Adapters");
        card.Text(
            $"Trained on the training split before the first clip was made; stored in `{AdapterStore.FolderName}`.",
            $"They saw no validation or test clip, so the losses (flow matching, mean of the first and of the last tenth of the steps)",
            $"are training losses; only the privacy check below looks for memorised clips.",
            $"An adapter holds what it has learnt of the training patients: protect it as you protect the recordings.");
        card.Table(
            ["adapter", "of", "clips", "patients", "steps", "rank", "first loss", "last loss", "base model", "SHA-256"],
            summary.Adapters.Select(adapter => Report.Row(
                $"{adapter.Name}", $"{(adapter.Class is null ? "the data set" : $"class {adapter.Class}")}", $"{adapter.Clips}",
                $"{adapter.Patients.Count}",
                $"{adapter.Training.Steps}", $"{adapter.Training.Rank}", $"{adapter.Loss.FirstLoss:0.0000}", $"{adapter.Loss.LastLoss:0.0000}",
                $"{adapter.ModelHash[..12]}", $"{adapter.Sha256}")));
    }

    private static void Filters(Report card, AugmentationSpec spec, AugmentationSummary summary)
    {
        string rejected = summary.Rejected.Count == 0
            ? ""
            : $"; rejected: {string.Join(", ", summary.Rejected.Select(one => $"{one.Key} {N(one.Value)}"))}";
        card.Section("Filters");
        card.Text(
            $"{summary.Records.Count} clips were made and {summary.Kept} kept{rejected}.",
            $"`manifest.csv` has the scores of each, rejected ones too.",
            $"Off: {string.Join(", ", Off(spec.Filters).DefaultIfEmpty("none"))}.");
    }

    private static IEnumerable<string> Off(FilterOptions filters) =>
        new (string Name, bool IsOn)[]
        {
            ("quality", filters.Quality.Enabled), ("outlier", filters.Outliers.Enabled), ("privacy", filters.Privacy.Enabled), (
                "classifier", filters.Classifier.Enabled),
            ("prompt-cap", filters.PerPrompt is not null), ("duplicate", filters.Duplicates.Enabled),
        }.Where(filter => !filter.IsOn).Select(filter => filter.Name);

    private static void Privacy(Report card, AugmentationSpec spec, AugmentationSummary summary)
    {
        ClipRecord[] generated = [.. summary.Records.Where(record => record.Origin == ClipOrigin.Generated)];
        int rejected = generated.Count(record => record.RejectReason?.StartsWith("privacy:", StringComparison.Ordinal) == true);
        card.Section("Privacy");
        if (generated.Length > 0 && summary.Reidentification is { } learnt)
        {
            card.Text($"{PrivacyFile.Statement(learnt, generated.Length)}");
        }

        card.Text($"Thumbnails: {ClipDescriptor.Name}. They are not learnt: they find copies and near-copies, not every resemblance.");
        if (generated.Length == 0)
        {
            card.Text($"No clip was generated by a model, so none was checked. Altered clips are copies by design.");
        }
        else if (!spec.Filters.Privacy.Enabled || summary.PrivacyLimit is null)
        {
            card.Text($"**The privacy check was turned off.** {generated.Length} generated clips were not compared with the training patients.");
        }
        else
        {
            int training = summary.Items.Count(item => item.Split == DatasetSplit.Train);
            int test = summary.Items.Count(item => item.Split == DatasetSplit.Test);
            card.Text(
                $"τ = {summary.PrivacyLimit:0.###}: {spec.Filters.Privacy.Quantile:P0} of the {training} real training clips correlate less than",
                $"that with every one of the {test} real test clips.",
                $"{rejected} of {generated.Length} generated clips ({Share(rejected, generated.Length)}) were rejected because they correlate more",
                $"than that with a training clip.");
            card.Table(
                ["greatest correlation to a training clip", "generated clips"],
                generated.GroupBy(record => Math.Clamp((int)((1 - record.NearestDistance) * Bins), 0, Bins - 1)).OrderBy(bin => bin.Key)
                    .Select(bin => Report.Row($"{bin.Key / (double)Bins:0.0} to {(bin.Key + 1) / (double)Bins:0.0}", $"{bin.Count()}")));
        }
    }

    private static void Licences(Report card, AugmentationSummary summary, ClipRecord[] kept)
    {
        Dictionary<string, DatasetItem> byName = summary.Items.ToDictionary(item => item.FileName);
        DatasetItem[] sources = [.. kept.SelectMany(record => record.DerivedFrom).Select(name => byName[name])];
        card.Section("Licences and attributions");
        card.Text($"Clips that are derived from recordings are under the licences of those recordings.");
        card.Table(
            ["licence", "attribution", "real clips", "derived clips"], summary.Items.GroupBy(item => (item.Licence, item.Attribution))
                .Select(terms => Report.Row(
            $"{terms.Key.Licence ?? "not stated"}", $"{terms.Key.Attribution ?? "not stated"}", $"{terms.Count()}",
            $"{sources.Count(source => (source.Licence, source.Attribution) == terms.Key)}")));
    }

    private static string Share(int part, int whole) => ((double)part / whole).ToString("P0", CultureInfo.InvariantCulture);

    private static string N(int count) => count.ToString(CultureInfo.InvariantCulture);
}
