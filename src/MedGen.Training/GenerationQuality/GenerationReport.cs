using System.Globalization;
using System.Text;
using System.Text.Json;
using MedGen.Datasets.Clips;
using MedGen.Datasets.Files;
using MedGen.Torch.Metrics;
using MedGen.Training.Running;

namespace MedGen.Training.GenerationQuality;

/// <summary>Writes what was measured, for people and for programs, and a sheet of the clips.</summary>
internal static class GenerationReport
{
    private const int ShownFrames = 4;
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Writes the files, each first under another name.</summary>
    public static void Write(string folder, GenerationEvaluation evaluation, ClipSample generated, ClipShape shape)
    {
        Directory.CreateDirectory(folder);
        WholeFile.Write(Path.Combine(folder, GenerationEvaluator.ReportName), Text(evaluation));
        WholeFile.Write(Path.Combine(folder, "evaluation.json"), JsonSerializer.Serialize(evaluation, Json) + "\n");
        WholeFile.Write(Path.Combine(folder, "samples.png"), path => SampleGrid.Write(path, Rows(evaluation, generated, shape), shape.Width, shape.Height, evaluation.Hash));
    }

    // A row for each prompt: its first two clips.
    private static IReadOnlyList<IReadOnlyList<ReadOnlyMemory<byte>>> Rows(GenerationEvaluation evaluation, ClipSample generated, ClipShape shape) =>
    [
        .. Enumerable.Range(0, evaluation.Prompts.Count).Select(prompt => (IReadOnlyList<ReadOnlyMemory<byte>>)
        [
            .. generated.Clips.Where((_, i) => generated.Prompts[i] == prompt).Take(2).SelectMany(clip => Enumerable.Range(0, ShownFrames)
                .Select(i => new ReadOnlyMemory<byte>(clip, i * (shape.Frames - 1) / (ShownFrames - 1) * shape.FrameBytes, shape.FrameBytes))),
        ]),
    ];

    internal static string Text(GenerationEvaluation e)
    {
        StringBuilder text = new();
        Line($"# {e.Model}: what was measured");
        Line($"Weights `{e.Hash[..16]}`. {e.Seeds} clips for each of {e.Prompts.Count} prompts, seeds {e.FirstSeed} to {e.FirstSeed + e.Seeds - 1}, none chosen. {e.Sampling}. {e.SecondsPerClip:0.0} s a clip (median) where this was run.");
        Line($"");
        Line($"## Prompt adherence");
        Line($"The imaging-modality classifier, which was never trained on a generated clip, calls **{e.Adherence:P1}** right; chance is {1.0 / e.Labels.Count:P1} ({string.Join(", ", e.Labels)}), held-out simulated clips of the same kinds reach {e.AdherenceCeiling:P1}. An abstention counts as wrong.");
        Line($"");
        Line($"| prompt | asks for | called | generated | held out | untrained |");
        Line($"|---|---|---|---|---|---|");
        foreach (PromptAdherence p in e.Prompts)
        {
            Line($"| {p.Prompt} | {p.Modality} | {string.Join(", ", p.Answers.Select(a => $"{a.Key} {a.Value}"))} | {p.Generated:P0} | {p.HeldOut:P0} | {p.Untrained:P0} |");
        }

        Line($"");
        Line($"## Autoencoder");
        Line($"On clips that it never saw: simulated ones with other seeds, real ones of other groups (stills where a film is too short). Mean over clips.");
        Line($"");
        Line($"| source | modality | clips | PSNR, dB | SSIM |");
        Line($"|---|---|---|---|---|");
        foreach (ReconstructionQuality r in e.Reconstruction)
        {
            Line($"| {r.Source} | {r.Modality} | {r.Clips} | {r.Psnr:0.0} | {r.Ssim:0.000} |");
        }

        foreach (IGrouping<string, ReconstructionQuality> source in e.Reconstruction.GroupBy(r => r.Source))
        {
            int clips = source.Sum(r => r.Clips);
            Line($"| {source.Key} | all | {clips} | {source.Sum(r => r.Psnr * r.Clips) / clips:0.0} | {source.Sum(r => r.Ssim * r.Clips) / clips:0.000} |");
        }

        if (e.NotRead.Count > 0)
        {
            Line($"");
            Line($"Not decoded, in no figure: {string.Join(", ", e.NotRead)}.");
        }

        Line($"");
        Line($"## Distribution");
        Line($"Against held-out simulated clips of the same kinds, in the classifier's features (mean over frames; the first {e.Components} principal components of the training clips, each of unit variance). Training clips are the floor of the distance, an untrained transformer is the ceiling. Small samples make the Fréchet distance larger than it is; KID has no such bias. MMD: 1000 times the squared discrepancy of CMMD, with these features in place of CLIP's.");
        Line($"");
        Line($"| clips | n | Fréchet distance | KID | MMD | precision | recall | density | coverage |");
        Line($"|---|---|---|---|---|---|---|---|---|");
        foreach ((string name, DistributionQuality d) in e.Distribution)
        {
            Line($"| {name} | {d.Clips} | {d.Frechet:0.00} | {d.Kernel:0.000} | {d.Discrepancy:0.0} | {d.Precision:0.000} | {d.Recall:0.000} | {d.Density:0.000} | {d.Coverage:0.000} |");
        }

        Line($"");
        Line($"## Motion");
        Line($"Grey levels of 255 from frame to frame; frozen: less than {MotionStatistics.FrozenBelow}.");
        Line($"");
        Line($"| clips | energy | flicker | frozen |");
        Line($"|---|---|---|---|");
        foreach ((string name, MotionStatistics m) in e.Motion)
        {
            Line($"| {name} | {m.Energy:0.00} | {m.Flicker:0.00} | {m.FrozenShare:P0} |");
        }

        Line($"");
        Line($"## Memorisation");
        Line($"Distance to the nearest training clip of those compared with. Closer: share of the generated clips that are nearer than the nearest 5 % of the held-out clips.");
        Line($"");
        Line($"| space | generated, median | held out, median | closer |");
        Line($"|---|---|---|---|");
        foreach (MemorisationQuality m in e.Memorisation)
        {
            Line($"| {m.Space} | {m.Generated:0.00} | {m.HeldOut:0.00} | {m.CloserShare:P0} |");
        }

        return text.ToString();

        void Line(FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
    }
}
