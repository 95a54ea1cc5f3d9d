using System.Globalization;
using MedGen.Datasets.Reports;

namespace MedGen.Cli.Demo;

/// <summary>The demo's report; pictures and clip are in its one page.</summary>
internal static class DemoReport
{
    private const int ShownLabels = 6;

    /// <summary>The report.</summary>
    /// <param name="results">What was found.</param>
    /// <param name="stills">A PNG for each classified clip, in order.</param>
    /// <param name="generatedStill">A PNG contact sheet of the generated clip.</param>
    /// <param name="generatedClip">The generated MP4.</param>
    public static Report Of(DemoResults results, IReadOnlyList<byte[]> stills, byte[] generatedStill, byte[] generatedClip)
    {
        Report report = new("MedGen Platform demo");
        report.Text(
            $"Version {results.PlatformVersion}, {results.StartedAt:yyyy-MM-dd HH:mm} UTC; {Seconds(results.TotalSeconds)} in all,",
            $"{Seconds(results.HostStartSeconds)} of it to start the host.",
            $"Every step below went over gRPC to a running host.",
            $"For research and augmentation, not for diagnosis.");
        Classifications(report, results, stills);
        Generation(report, results, generatedStill, generatedClip);
        Provenance(report, results);
        return report;
    }

    private static void Classifications(Report report, DemoResults results, IReadOnlyList<byte[]> stills)
    {
        report.Section("What do these clips show?");
        report.Text(
            $"Three real clips were uploaded and classified by the `medgen.imaging-modality` plugin.",
            $"They were among its training data: this shows that it runs; its EVALUATION.md says how good it is on sources it never saw.");
        foreach ((DemoClassification clip, byte[] still) in results.Classifications.Zip(stills))
        {
            string answer = clip.Abstained ? $"{clip.Modality} (abstained; nearest is {clip.Probabilities.MaxBy(p => p.Value).Key})" : clip.Modality;
            report.Text($"{clip.File}: **{answer}**. {clip.Frames} frames analysed, {Seconds(clip.Seconds)} with the upload.");
            report.Figure(
                new() { FileName = $"{Path.GetFileNameWithoutExtension(clip.File)}.png", Caption = $"A frame of {clip.File}", Content = still });
            report.Table(
                ["modality", "probability"], clip.Probabilities.OrderByDescending(p => p.Value).Take(ShownLabels)
                    .Select(p => (IReadOnlyList<ReportCell>)
                [p.Key, new ReportCell { Text = p.Value.ToString("0.000", CultureInfo.InvariantCulture), Share = p.Value }]));
        }
    }

    private static void Generation(Report report, DemoResults results, byte[] still, byte[] clip)
    {
        DemoGeneration generation = results.Generation;
        report.Section("A generated clip");
        report.Text($"“{generation.Prompt}”");
        if (!results.Model.IsTrained)
        {
            report.Text(
                $"**The model `{results.Model.Name}` has random weights, so the picture is noise.**",
                $"Every step is the one that trained weights take; `--model` names a folder with the released MedGen weights.");
        }

        report.Figure(new() { FileName = generation.File, Caption = "The generated clip", Content = clip });
        report.Figure(new() { FileName = "generated.png", Caption = "Frames of the generated clip", Content = still });
        report.Table(["size", "steps", "seed", "time"],
        [
            Report.Row(
                $"{generation.Width} × {generation.Height} px, {generation.Frames} frames at {generation.Fps:0.##} per second",
                $"{generation.Steps}",
                $"{generation.Seed}",
                $"{Seconds(generation.Seconds)} from request to result, {generation.ProgressEvents} progress events"),
        ]);
    }

    private static void Provenance(Report report, DemoResults results)
    {
        DemoModel model = results.Model;
        report.Section("Provenance");
        report.Table(["what", "identity"],
        [
            Report.Row(
                $"provenance",
                $"`{results.Generation.ProvenanceId}` (also in the metadata of {results.Generation.File}, which says that it is synthetic)"),
            Report.Row($"model", $"{model.Name}, {model.Variant}, {model.Parameters:N0} parameters, {model.DataType} on {model.Device}"),
            Report.Row($"model hash", $"`{model.Hash}`"),
            .. results.Classifications.Select(clip => Report.Row($"{clip.File}", $"SHA-256 `{clip.Sha256}`")),
        ]);
    }

    private static string Seconds(double seconds) => seconds.ToString(seconds < 10 ? "0.0 s" : "0 s", CultureInfo.InvariantCulture);
}
