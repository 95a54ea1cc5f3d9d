using MedGen.Sdk.Frames;
using MedGen.Sdk.Files;
using MedGen.Datasets.Reports;
using MedGen.Evaluation.Metrics;
using MedGen.Training.Running;

namespace MedGen.Evaluation.Generation;

/// <summary>Writes what was measured, for people and for programs, and a sheet of the clips.</summary>
internal static class GenerationReport
{
    private const int ShownFrames = 4;

    /// <summary>Writes the files, each first under another name.</summary>
    public static void Write(string folder, GenerationEvaluation evaluation, ClipSample generated, ClipShape shape)
    {
        Directory.CreateDirectory(folder);
        Of(evaluation).Write(folder, GenerationEvaluator.ReportName);
        WholeFile.Write(Path.Combine(folder, "evaluation.json"), ReportJson.Text(evaluation));
        WholeFile.Write(
            Path.Combine(folder, "samples.png"), path =>
                SampleGrid.Write(path, Rows(evaluation, generated, shape), shape.Width, shape.Height, evaluation.Hash));
    }

    // A row for each prompt: its first two clips.
    private static IReadOnlyList<IReadOnlyList<ReadOnlyMemory<byte>>> Rows(GenerationEvaluation evaluation, ClipSample generated, ClipShape shape) =>
    [
        .. Enumerable.Range(0, evaluation.Prompts.Count).Select(prompt => (IReadOnlyList<ReadOnlyMemory<byte>>)
        [
            .. generated.Clips.Where((_, i) => generated.Prompts[i] == prompt).Take(2).SelectMany(clip => Enumerable.Range(0, ShownFrames)
                .Select(i => new ReadOnlyMemory<byte>(clip, i * (shape.NumFrames - 1) / (ShownFrames - 1) * shape.FrameBytes, shape.FrameBytes))),
        ]),
    ];

    /// <summary>The report.</summary>
    internal static Report Of(GenerationEvaluation e)
    {
        Report report = new($"Evaluation of {e.Model}");
        report.Text(
            $"Weights `{e.Hash[..16]}`.",
            $"{e.Seeds} clips for each of {e.Prompts.Count} prompts, seeds {e.FirstSeed} to {e.FirstSeed + e.Seeds - 1}, none chosen.",
            $"{e.Sampling}.",
            $"{e.SecondsPerClip:0.0} s a clip (median) on the machine that ran this.");
        Adherence(report, e);
        Reconstruction(report, e);
        FirstFrames(report, e);
        Distribution(report, e);
        Motion(report, e);
        Memorisation(report, e);
        return report;
    }

    private static void Adherence(Report report, GenerationEvaluation e)
    {
        report.Section("Prompt adherence");
        report.Text(
            $"The imaging-modality classifier, which was never trained on a generated clip, finds the modality of the prompt in",
            $"**{e.Adherence:P1}** of the clips;",
            $"chance is {1.0 / e.Labels.Count:P1} ({string.Join(", ", e.Labels)}), held-out simulated clips of the same kinds reach",
            $"{e.AdherenceCeiling:P1}.",
            $"An abstention counts as wrong.");
        report.Table(["prompt", "modality", "answers", "generated", "held out", "untrained"], e.Prompts.Select(p => Report.Row(
            $"{p.Prompt}", $"{p.Modality}", $"{string.Join(", ", p.Answers.Select(a => $"{a.Key} {a.Value}"))}", $"{p.Generated:P0}",
            $"{p.HeldOut:P0}", $"{p.Untrained:P0}")));
    }

    private static void Reconstruction(Report report, GenerationEvaluation e)
    {
        report.Section("Autoencoder");
        report.Text(
            $"On clips that it has not seen: simulated ones with other seeds, real ones of other groups (stills where a video is too short).",
            $"Means over the clips.");
        report.Table(["source", "modality", "clips", "PSNR, dB", "SSIM"],
        [
            .. e.Reconstruction.Select(r => Row(r.Source, r.Modality, r.Clips, r.Psnr, r.Ssim)),
            .. e.Reconstruction.GroupBy(r => r.Source).Select(source => Row(
                source.Key, "all", source.Sum(r => r.Clips), source.Sum(
                    r => r.Psnr * r.Clips) / source.Sum(r => r.Clips), source.Sum(r => r.Ssim * r.Clips) / source.Sum(r => r.Clips))),
        ]);
        if (e.NotRead.Count > 0)
        {
            report.Text($"Not decoded, in no figure: {string.Join(", ", e.NotRead)}.");
        }

        static IReadOnlyList<ReportCell> Row(string source, string modality, int clips, double psnr, double ssim) =>
            Report.Row($"{source}", $"{modality}", $"{clips}", $"{psnr:0.0}", $"{ssim:0.000}");
    }

    private static void FirstFrames(Report report, GenerationEvaluation e)
    {
        if (e.FirstFrames.Count == 0)
        {
            return;
        }

        report.Section("First frames");
        report.Text(
            $"Clips that begin with a picture the model has not seen: the first frame of a held-out clip, simulated ones with the prompt of their",
            $"kind, real ones with the first prompt of their modality. Kept: PSNR of frame 0 against the picture; the autoencoder alone is the",
            $"ceiling. Motion as below.");
        report.Table(["pictures", "clips", "kept, dB", "worst, dB", "autoencoder, dB", "energy", "flicker", "frozen"], e.FirstFrames.Select(one =>
            Report.Row(
                $"{one.Source}", $"{one.Clips}", $"{one.Psnr:0.0}", $"{one.WorstPsnr:0.0}", $"{one.Reconstruction:0.0}", $"{one.Motion.Energy:0.00}",
                $"{one.Motion.Flicker:0.00}", $"{one.Motion.FrozenShare:P0}")));
    }

    private static void Distribution(Report report, GenerationEvaluation e)
    {
        report.Section("Distribution");
        report.Text(
            $"Against held-out simulated clips of the same kinds, in the classifier's features (mean over frames; the first {e.Components}",
            $"principal components of the training clips, each of unit variance).",
            $"Training clips are the floor of the distance, an untrained transformer is the ceiling.",
            $"Small samples make the Fréchet distance larger than it is; KID has no such bias.",
            $"MMD: 1000 times the squared discrepancy of CMMD, with these features in place of CLIP's.");
        report.Table(
            ["clips", "n", "Fréchet distance", "KID", "MMD", "precision", "recall", "density", "coverage"], e.Distribution.Select(one => Report.Row(
            $"{one.Key}", $"{one.Value.Clips}", $"{one.Value.Frechet:0.00}", $"{one.Value.Kernel:0.000}", $"{one.Value.Discrepancy:0.0}",
            $"{one.Value.Precision:0.000}", $"{one.Value.Recall:0.000}", $"{one.Value.Density:0.000}", $"{one.Value.Coverage:0.000}")));
    }

    private static void Motion(Report report, GenerationEvaluation e)
    {
        report.Section("Motion");
        report.Text($"Grey levels of 255 from frame to frame; frozen: less than {MotionStatistics.FrozenBelow}.");
        report.Table(["clips", "energy", "flicker", "frozen"], e.Motion.Select(one => Report.Row(
            $"{one.Key}", $"{one.Value.Energy:0.00}", $"{one.Value.Flicker:0.00}", $"{one.Value.FrozenShare:P0}")));
    }

    private static void Memorisation(Report report, GenerationEvaluation e)
    {
        report.Section("Memorisation");
        report.Text(
            $"Distance to the nearest of the training clips.",
            $"Closer: share of the generated clips that are nearer than the nearest 5 % of the held-out clips.");
        report.Table(["space", "generated, median", "held out, median", "closer"], e.Memorisation.Select(m => Report.Row(
            $"{m.Space}", $"{m.Generated:0.00}", $"{m.HeldOut:0.00}", $"{m.CloserShare:P0}")));
    }
}
