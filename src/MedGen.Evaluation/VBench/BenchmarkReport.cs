using System.Globalization;
using MedGen.Datasets.Reports;
using MedGen.Evaluation.VBench.Clips;
using MedGen.Evaluation.VBench.Results;
using MedGen.Media;
using MedGen.Media.Images;
using MedGen.Sdk.Files;
using MedGen.Sdk.Frames;

namespace MedGen.Evaluation.VBench;

/// <summary>Writes a benchmark for people and for programs: <c>VBENCH.md</c>, <c>vbench.html</c> (all in one file), <c>vbench.json</c>.</summary>
internal static class BenchmarkReport
{
    private const int ShownClips = 12;
    private const int ShownFrames = 4;
    private const int ShownHeight = 128;

    public static async Task WriteAsync(
        string folder, BenchmarkResult result, IReadOnlyList<BenchmarkClip> clips, IVideoReader reader, CancellationToken cancellationToken)
    {
        List<ReportFigure> strips = [];
        foreach (BenchmarkClip clip in clips.Take(ShownClips))
        {
            strips.Add(await StripAsync(clip, reader, cancellationToken).ConfigureAwait(false));
        }

        Report report = Of(result, strips);
        report.Write(folder, "VBENCH.md");
        WholeFile.Write(Path.Combine(folder, "vbench.html"), report.ToHtml());
        WholeFile.Write(Path.Combine(folder, "vbench.json"), ReportJson.Text(result));
    }

    /// <summary>The report.</summary>
    internal static Report Of(BenchmarkResult result, IReadOnlyList<ReportFigure> strips)
    {
        Report report = new($"Med-VBench of {result.Name}");
        report.Text($"{result.Clips.Count} clips of {result.Prompts} of {result.AllPrompts} prompts.", Origin(result));
        if (result.PromptsWithoutClips.Count > 0)
        {
            report.Text($"{result.PromptsWithoutClips.Count} prompts have no clip and are in no figure:");
            report.List(result.PromptsWithoutClips.Select(Short));
        }

        report.Section("Scores (automatic)");
        report.Table(["dimension", "score", "measured by", "SHA-256", "clips"], result.Scores.Select(score => Report.Row(
            $"{score.Name}", $"{score.Value:0.00} {score.Unit}", $"{score.Network}", $"{score.Sha256?[..16] ?? "–"}", $"{score.Clips}")));
        report.Text(
            $"Consistencies are means over compared frames, the others over clips. A row with brackets was measured by something else than VBench's",
            $"network for that dimension: compare it with rows of the same name and hash only, never with published figures.");
        Paper(report, result);
        report.Section("Clips");
        report.Table(["clip", "frames", "prompt", .. result.Scores.Select(score => score.Name)], result.Clips.Zip(strips, (clip, strip) =>
            (IReadOnlyList<ReportCell>)[
                clip.Name, strip, Short(clip.Prompt), .. result.Scores.Select(score => (ReportCell)Number(clip.Scores[score.Name]))]));
        if (result.Clips.Count > strips.Count)
        {
            report.Text($"The first {strips.Count} of {result.Clips.Count}; `vbench.json` has all.");
        }

        return report;
    }

    private static void Paper(Report report, BenchmarkResult result)
    {
        report.Section("Beside the paper");
        string[] own =
        [
            .. MedVBench.AutomaticDimensions.Select(dimension => Number(
                result.Scores.FirstOrDefault(score => score.Dimension == dimension && score.IsUpstream)?.Value, "not measured")),
        ];
        report.Table(
            [
                "model", .. MedVBench.AutomaticDimensions.Select(dimension => $"{dimension} (automatic)"), "automatic part", "warping error (human)",
                "total (with human part)",
            ],
            [
                .. MedVBench.Published.Select(row => (IReadOnlyList<ReportCell>)
                [
                    $"{row.Model}, published", .. MedVBench.AutomaticDimensions.Select(_ => (ReportCell)"–"), Number(row.Automatic),
                    row.Total is { } total ? $"{Number(MedVBench.WarpingError(row.Automatic, total))} (implied)" : "–", Number(row.Total),
                ]),
                [$"{result.Name}, here", .. own.Select(text => (ReportCell)text), Number(result.Automatic, "not measured"), "not rated", "–"],
            ]);
        report.Text(
            $"Published: arXiv 2507.05675, 200 prompts; the automatic part is (IQ + SC + BC + MS) / 4, the total",
            $"((100 − WE) + IQ + SC + BC + MS) / 6, with the warping error WE as people rated it. Of the published table only these sums are at hand",
            $"(–: not). `medgen rate report --vbench` gives the total once the warping error is rated.");
    }

    private static FormattableString Origin(BenchmarkResult result) => result.Origin is { } origin
        ? $"{origin.Model} (`{origin.Hash[..16]}`), {origin.ClipsPerPrompt} a prompt from seed {origin.Seed} on, none chosen; {origin.Sampling}."
        : (FormattableString)$"Finished clips; who made them with which seed is what their list says (`vbench.json`).";

    private static string Number(double? value, string none = "–") =>
        value is { } number && double.IsFinite(number) ? number.ToString("0.00", CultureInfo.InvariantCulture) : none;

    private static string Short(string text) => text.Length <= 90 ? text : $"{text[..90]}…";

    private static async Task<ReportFigure> StripAsync(BenchmarkClip clip, IVideoReader reader, CancellationToken cancellationToken)
    {
        IVideoClip video = await reader.OpenAsync(clip.Path, cancellationToken).ConfigureAwait(false);
        int width = Math.Max(1, video.Info.Width * ShownHeight / video.Info.Height);
        double seconds = (video.Info.Duration ?? TimeSpan.FromSeconds(1)).TotalSeconds;
        FrameSampling sampling = new()
        {
            FramesPerSecond = Math.Min(240, ShownFrames / seconds), MaxFrames = ShownFrames, Width = width, Height = ShownHeight,
            Format = FrameFormat.Rgb24,
        };
        List<byte[]> frames = [];
        await foreach (VideoFrame frame in video.ReadFramesAsync(sampling, cancellationToken).ConfigureAwait(false))
        {
            using (frame)
            {
                frames.Add(frame.Pixels.ToArray());
            }
        }

        using VideoFrame strip = VideoFrame.Rent(width * frames.Count, ShownHeight);
        Span<byte> pixels = strip.WritablePixels.Span;
        for (int y = 0; y < ShownHeight; y++)
        {
            for (int i = 0; i < frames.Count; i++)
            {
                frames[i].AsSpan(y * width * 3, width * 3).CopyTo(pixels[(((y * frames.Count) + i) * width * 3)..]);
            }
        }

        string name = string.Create(CultureInfo.InvariantCulture, $"pictures/{Crc32.Of(System.Text.Encoding.UTF8.GetBytes(clip.Name), []):x8}.png");
        return new ReportFigure
        {
            FileName = name, Caption = $"Frames of {clip.Name}", Content = FrameImage.EncodePng(strip, provenanceId: null),
        };
    }
}
