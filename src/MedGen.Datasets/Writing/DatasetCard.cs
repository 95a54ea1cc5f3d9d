using System.Globalization;
using System.Text;
using MedGen.Abstractions.Augmentation;
using MedGen.Datasets.Adapters;
using MedGen.Datasets.Augmentation;
using MedGen.Datasets.Clips;
using MedGen.Datasets.Reading;

namespace MedGen.Datasets.Writing;

/// <summary>README.md of the output: a dataset card as Hugging Face reads it, for people who were not there.</summary>
internal static class DatasetCard
{
    private const int Bins = 10;

    /// <summary>Writes the card.</summary>
    public static string Text(AugmentationSpec spec, AugmentationSummary summary, bool hasPairs)
    {
        StringBuilder text = new();
        ClipRecord[] kept = [.. summary.Records.Where(record => record.Kept)];
        Header(Line, spec, summary, kept.Length);
        Line($"# {summary.Items.Count} real and {kept.Length} synthetic clips");
        Line($"");
        Line($"Synthetic clips are in the training split only and lie under `train/synthetic`; each says in its own metadata that it is synthetic, and `metadata.csv` says how it was made. Validation and test are real, and no generator has seen them. For research and augmentation, not for diagnosis.");
        Line($"");
        Line($"| class | real, training | wanted | made | kept | yield |");
        Line($"|---|---|---|---|---|---|");
        foreach (ClassTarget target in summary.Targets)
        {
            ClipRecord[] own = [.. summary.Records.Where(record => record.Class == target.Name)];
            int ownKept = own.Count(record => record.Kept);
            Line($"| {target.Name} | {target.Real} | {target.Wanted} | {own.Length} | {ownKept}{(ownKept < target.Wanted ? " (short: no more attempts)" : "")} | {(own.Length == 0 ? "–" : ((double)ownKept / own.Length).ToString("P0", CultureInfo.InvariantCulture))} |");
        }

        Splits(Line, summary);
        Methods(Line, spec, kept);
        Adapters(Line, summary);
        Filters(Line, spec, summary);
        Privacy(Line, spec, summary, kept, hasPairs);
        Licences(Line, summary, kept);
        return text.ToString();

        void Line(FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
    }

    private static void Header(Action<FormattableString> line, AugmentationSpec spec, AugmentationSummary summary, int kept)
    {
        int size = (spec.Output.IncludeReal ? summary.Items.Count : 0) + kept;
        string[] licences = [.. summary.Items.Select(item => item.Licence ?? "").Distinct()];
        string sizes = size switch { < 1000 => "n<1K", < 10_000 => "1K<n<10K", < 100_000 => "10K<n<100K", _ => "100K<n<1M" };
        line($"---");
        line($"license: {(licences is [{ Length: > 0 } one] ? one.ToLowerInvariant().Replace(' ', '-') : "other")}");
        line($"task_categories:");
        line($"- video-classification");
        line($"tags:");
        line($"- medical");
        line($"- synthetic");
        line($"- augmented");
        line($"size_categories:");
        line($"- {sizes}");
        line($"configs:");
        line($"- config_name: default");
        line($"  data_files:");
        foreach (string split in summary.Items.Select(item => item.Split).Distinct().Order().Where(split => split == DatasetSplit.Train || spec.Output.IncludeReal).Select(SplitTable.NameOf))
        {
            line($"  - split: {split}");
            line($"    path: {(spec.Output.Format == ClipFormat.Parquet ? $"{ParquetShards.Folder}/{split}-*.parquet" : $"{split}/**")}");
        }

        line($"---");
        line($"");
    }

    private static void Splits(Action<FormattableString> line, AugmentationSummary summary)
    {
        line($"");
        line($"## Splits");
        line($"By patient; `splits.csv` has them.");
        line($"");
        line($"| split | real clips | patients |");
        line($"|---|---|---|");
        foreach (IGrouping<DatasetSplit, DatasetItem> split in summary.Items.GroupBy(item => item.Split).OrderBy(split => split.Key))
        {
            line($"| {SplitTable.NameOf(split.Key)} | {split.Count()} | {(split.All(item => item.PatientId is null) ? "not stated" : split.Select(item => item.Group).Distinct().Count().ToString(CultureInfo.InvariantCulture))} |");
        }

        if (summary.Unreadable.Count > 0)
        {
            line($"");
            line($"Not used, {summary.Unreadable.Count}: {string.Join("; ", summary.Unreadable)}.");
        }
    }

    private static void Methods(Action<FormattableString> line, AugmentationSpec spec, ClipRecord[] kept)
    {
        line($"");
        line($"## How the synthetic clips were made");
        line($"{spec.Clip.Width} × {spec.Clip.Height} px, {spec.Clip.Frames} frames at {spec.Clip.Fps} a second, seed {spec.Seed}. The whole specification is in `{OutputClaim.FileName}`.");
        line($"");
        foreach (IGrouping<(string Method, ClipOrigin Origin), ClipRecord> method in kept.GroupBy(record => (record.Method, record.Origin)))
        {
            string origin = method.Key.Origin switch
            {
                ClipOrigin.Altered => "recordings of training patients, altered: protect them as you protect the recordings",
                ClipOrigin.Simulated => "a simulator; no patient",
                _ => $"a generative model ({string.Join(", ", method.Select(record => record.ModelHash?[..12]).Distinct())})",
            };
            line($"- {method.Key.Method}: {method.Count()} clips, from {origin}.");
        }
    }

    private static void Adapters(Action<FormattableString> line, AugmentationSummary summary)
    {
        if (summary.Adapters.Count == 0)
        {
            return;
        }

        line($"");
        line($"## Adapters");
        line($"Trained on the training split before the first clip was made; they lie in `{AdapterStore.FolderName}`. No validation or test clip reached them, so the losses (flow matching, mean of the first and of the last tenth of the steps) are those of training, and only the privacy check below looks at whether clips were learnt by heart. An adapter holds what it has learnt of the training patients: protect it as you protect the recordings.");
        line($"");
        line($"| adapter | of | clips | patients | steps | rank | loss at first | at last | over model | SHA-256 |");
        line($"|---|---|---|---|---|---|---|---|---|---|");
        foreach (AdapterRecord adapter in summary.Adapters)
        {
            line($"| {adapter.Name} | {(adapter.Class is null ? "the data set" : $"class {adapter.Class}")} | {adapter.Clips} | {adapter.Patients.Count} | {adapter.Training.Steps} | {adapter.Training.Rank} | {adapter.Loss.FirstLoss:0.0000} | {adapter.Loss.LastLoss:0.0000} | {adapter.ModelHash[..12]} | {adapter.Sha256} |");
        }
    }

    private static void Filters(Action<FormattableString> line, AugmentationSpec spec, AugmentationSummary summary)
    {
        line($"");
        line($"## Filters");
        line($"{summary.Records.Count} clips were made and {summary.Kept} kept{(summary.Rejected.Count == 0 ? "" : $"; refused: {string.Join(", ", summary.Rejected.Select(one => $"{one.Key} {one.Value}"))}")}. `manifest.csv` has the scores of each, refused ones too. Off: {string.Join(", ", Off(spec.Filters).DefaultIfEmpty("none"))}.");
    }

    private static IEnumerable<string> Off(Datasets.Filters.FilterOptions filters) =>
        new (string Name, bool IsOn)[]
        {
            ("quality", filters.Quality.Enabled), ("outlier", filters.Outliers.Enabled), ("privacy", filters.Privacy.Enabled), ("classifier", filters.Classifier.Enabled),
            ("prompt-cap", filters.PerPrompt is not null), ("duplicate", filters.Duplicates.Enabled),
        }.Where(filter => !filter.IsOn).Select(filter => filter.Name);

    private static void Privacy(Action<FormattableString> line, AugmentationSpec spec, AugmentationSummary summary, ClipRecord[] kept, bool hasPairs)
    {
        ClipRecord[] generated = [.. summary.Records.Where(record => record.Origin == ClipOrigin.Generated)];
        int refused = generated.Count(record => record.RejectReason?.StartsWith("privacy:", StringComparison.Ordinal) == true);
        line($"");
        line($"## Privacy");
        line($"Features: {ClipDescriptor.Name}. No learnt feature: it finds copies and near-copies, not every resemblance.");
        line($"");
        if (generated.Length == 0)
        {
            line($"No clip was generated by a model, so none was checked. Altered clips are copies by design.");
        }
        else if (!spec.Filters.Privacy.Enabled || summary.PrivacyLimit is null)
        {
            line($"**The privacy check was turned off.** {generated.Length} generated clips were not compared with the training patients.");
        }
        else
        {
            line($"τ = {summary.PrivacyLimit:0.###} ({spec.Filters.Privacy.Quantile:P0} of the {summary.Items.Count(item => item.Split == DatasetSplit.Train)} real training clips correlate less with every real test clip, of which there are {summary.Items.Count(item => item.Split == DatasetSplit.Test)}). {refused} of {generated.Length} generated clips ({(double)refused / generated.Length:P0}) were refused because they correlate more with a training clip.");
            line($"");
            line($"| greatest correlation to a training clip | generated clips |");
            line($"|---|---|");
            foreach (IGrouping<int, ClipRecord> bin in generated.GroupBy(record => Math.Clamp((int)((1 - record.NearestDistance) * Bins), 0, Bins - 1)).OrderBy(bin => bin.Key))
            {
                line($"| {bin.Key / (double)Bins:0.0} to {(bin.Key + 1) / (double)Bins:0.0} | {bin.Count()} |");
            }
        }

        if (hasPairs)
        {
            line($"");
            line($"![Nearest pairs: synthetic above, its nearest training clip below]({NearestPairs.FileName})");
            line($"");
            line($"The {Math.Min(8, kept.Length)} nearest pairs: synthetic above, the nearest training clip below.");
        }
    }

    private static void Licences(Action<FormattableString> line, AugmentationSummary summary, ClipRecord[] kept)
    {
        Dictionary<string, DatasetItem> byName = summary.Items.ToDictionary(item => item.FileName);
        DatasetItem[] sources = [.. kept.SelectMany(record => record.DerivedFrom).Select(name => byName[name])];
        line($"");
        line($"## Licences and attributions");
        line($"Clips that are derived from recordings are under the licences of those recordings.");
        line($"");
        line($"| licence | attribution | real clips | derived clips |");
        line($"|---|---|---|---|");
        foreach (IGrouping<(string?, string?), DatasetItem> terms in summary.Items.GroupBy(item => (item.Licence, item.Attribution)))
        {
            line($"| {terms.Key.Item1 ?? "not stated"} | {terms.Key.Item2 ?? "not stated"} | {terms.Count()} | {sources.Count(source => (source.Licence, source.Attribution) == terms.Key)} |");
        }
    }
}
