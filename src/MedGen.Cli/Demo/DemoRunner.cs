using System.Diagnostics;
using MedGen.Cli.Commands;
using MedGen.Cli.Analysis;
using MedGen.Cli.Connections;
using MedGen.Sdk.Files;
using MedGen.Datasets.Reports;
using MedGen.Protos.V1;

namespace MedGen.Cli.Demo;

/// <summary>Goes the whole way: host, uploads, answers, a generated clip, and the report about it.</summary>
internal sealed class DemoRunner(Func<Task<HostConnection>> connect, string folder)
{
    public const string ClipName = "generated.mp4";
    public const string ResultsName = "results.json";
    public const string ReportName = "report.html";

    private const string Prompt = "Echocardiography in the apical four-chamber view, showing a left ventricle with normal systolic function.";

    public async Task<DemoResults> RunAsync(Action<string, double> report, CancellationToken cancellationToken)
    {
        DateTimeOffset startedAt = TimeProvider.System.GetUtcNow();
        Stopwatch watch = Stopwatch.StartNew();
        report("starting the host", 0.05);
        await using HostConnection host = await connect();
        Protos.V1.Model model = await host.Client.Models.GetAsync(cancellationToken);
        double hostStart = watch.Elapsed.TotalSeconds;
        Directory.CreateDirectory(folder);

        string[] clips = [.. Directory.GetFiles(DefaultFolders.SampleClips, "*.mp4").Order(StringComparer.Ordinal)];
        List<DemoClassification> classifications = [];
        List<byte[]> stills = [];
        foreach (string clip in clips)
        {
            report($"classifying {Path.GetFileName(clip)}", 0.1 + (0.15 * classifications.Count));
            classifications.Add(await ClassifyAsync(host, clip, cancellationToken));
            stills.Add(await ContactSheet.RenderAsync(clip, columns: 1, rows: 1, cancellationToken));
        }

        DemoGeneration generation = await GenerateAsync(host, report, cancellationToken);
        string generated = Path.Combine(folder, ClipName);
        DemoResults results = new()
        {
            PlatformVersion = typeof(DemoRunner).Assembly.GetName().Version!.ToString(3),
            StartedAt = startedAt,
            TotalSeconds = Round(watch),
            HostStartSeconds = Math.Round(hostStart, 3),
            Model = new DemoModel(model.Name, model.Variant, model.Hash, model.Device, model.DataType, model.Parameters, model.IsTrained),
            Classifications = classifications,
            Generation = generation,
        };
        byte[] sheet = await ContactSheet.RenderAsync(generated, columns: 6, rows: 1, cancellationToken);
        Report page = DemoReport.Of(results, stills, sheet, await File.ReadAllBytesAsync(generated, cancellationToken));
        WholeFile.Write(Path.Combine(folder, ResultsName), ReportJson.Text(results));
        WholeFile.Write(Path.Combine(folder, ReportName), page.ToHtml());
        return results;
    }

    private static async Task<DemoClassification> ClassifyAsync(HostConnection host, string clip, CancellationToken cancellationToken)
    {
        Stopwatch watch = Stopwatch.StartNew();
        Artifact artifact = await host.Client.Artifacts.UploadAsync(clip, cancellationToken: cancellationToken);
        AnalyzeVideoRequest request = ClassifyCommand.Request();
        request.Inputs.Add(new AnalysisInput { ArtifactId = artifact.ArtifactId });
        ModalityAnswer prediction = ModalityAnswer.Of(
            await AnalysisAnswer.ReadAsync(host.Client.Analysis.AnalyzeAsync(request, cancellationToken), cancellationToken));
        return new DemoClassification
        {
            File = Path.GetFileName(clip),
            Modality = prediction.Label,
            Probability = prediction.Probability,
            Probabilities = prediction.Probabilities.ToDictionary(p => p.Label, p => p.Probability),
            Abstained = prediction.Abstained,
            Frames = (int)prediction.Frames,
            Seconds = Round(watch),
            Sha256 = artifact.Sha256,
        };
    }

    private async Task<DemoGeneration> GenerateAsync(HostConnection host, Action<string, double> report, CancellationToken cancellationToken)
    {
        Stopwatch watch = Stopwatch.StartNew();
        int progressEvents = 0;
        Artifact? result = null;
        GenerateVideoRequest request = new()
        {
            Prompt = Prompt, Seed = 7, // size, length and steps are the model's own
            Options = new JobOptions { CancelOnDisconnect = true },
        };
        await foreach (JobEvent update in host.Client.Generation.GenerateAsync(request, cancellationToken))
        {
            if (update.Progress is { StepsTotal: > 0 } progress)
            {
                progressEvents++;
                report(
                    $"generating: {progress.Stage} {progress.StepsDone}/{progress.StepsTotal}", 0.6
                        + (0.3 * progress.StepsDone / progress.StepsTotal));
            }

            result = update.Result ?? result;
        }

        GenerationProvenance provenance = result?.Provenance ?? throw new InvalidDataException("The host ended the stream without a result.");
        await host.Client.Artifacts.DownloadAsync(result.ArtifactId, Path.Combine(folder, ClipName), cancellationToken: cancellationToken);
        return new DemoGeneration
        {
            Prompt = Prompt,
            File = ClipName,
            Seed = provenance.Seed,
            Width = provenance.Width,
            Height = provenance.Height,
            Frames = provenance.NumFrames,
            Fps = provenance.FramesPerSecond,
            Steps = provenance.NumInferenceSteps,
            Seconds = Round(watch),
            ProvenanceId = provenance.ProvenanceId,
            ProgressEvents = progressEvents,
        };
    }

    private static double Round(Stopwatch watch) => Math.Round(watch.Elapsed.TotalSeconds, 3);
}
