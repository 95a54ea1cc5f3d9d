using System.Globalization;
using MedGen.Classifiers.Networks;
using MedGen.Classifiers.Temporal;
using MedGen.Classifiers.Training.SurgicalPhase;
using MedGen.Classifiers.Training.SurgicalPhase.Evaluation;
using TorchSharp;

namespace MedGen.Bench.PhaseFeatures;

/// <summary>
/// Which features the temporal network of the phase recogniser should see: those of a small frame network trained for phases, or those of the shared model.
/// The same simulated procedures, the same temporal network, the same number of passes; strict accuracy a second at a time on test procedures.
/// </summary>
internal static class PhaseFeaturesBenchmark
{
    private const int TrainingVariants = 2;

    public static async Task<int> RunAsync(string split)
    {
        string folder = Directory.CreateTempSubdirectory("medgen-bench-").FullName;
        try
        {
            PhaseTrainingOptions options = new() { OutputFolder = folder };
            List<VideoViews> videos = [];
            foreach (PhaseVideo video in SimulatedProcedures.Create(options, PhaseSplitPlan.Parse(split)))
            {
                videos.Add(await VideoViews.OpenAsync(video, folder, resume: false, CancellationToken.None));
            }

            Console.Error.WriteLine($"{videos.Count} procedures, {videos.Sum(video => video.Count)} s");
            Compare(options, videos);
            videos.ForEach(video => video.Dispose());
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Compare(PhaseTrainingOptions options, List<VideoViews> videos)
    {
        int classes = SurgicalWorkflow.Cholec80.Phases.Count;
        using FrameNetwork frame = new PhaseFrameFitting(classes, options).Fit(
            [.. videos.Where(video => video.Video.Split == PhaseSplit.Train)], (_, _) => { }, CancellationToken.None);
        Console.Error.WriteLine("the frame network is trained");
        using ModelFeatures model = new(Path.Combine(AppContext.BaseDirectory, "models", "medgen-mini"));
        List<VideoFeatures> own = [];
        List<VideoFeatures> latents = [];
        List<VideoFeatures> tokens = [];
        foreach ((int index, VideoViews video) in videos.Index())
        {
            int variants = video.Video.Split == PhaseSplit.Train ? TrainingVariants : 1;
            own.Add(PhaseFrameFitting.Embed(frame, video, variants, options.Seed + index));
            (VideoFeatures ofLatents, VideoFeatures ofTokens) = model.Embed(video, variants, options.Seed + index);
            latents.Add(ofLatents);
            tokens.Add(ofTokens);
        }

        Console.WriteLine("features                                   numbers a frame   accuracy, strict, online");
        Report("frame network, trained for phases", own, options);
        Report("latents of the shared autoencoder", latents, options);
        Report("middle of the shared transformer", tokens, options);
    }

    private static void Report(string name, List<VideoFeatures> videos, PhaseTrainingOptions options)
    {
        List<VideoFeatures> Of(PhaseSplit split) => [.. videos.Where(video => video.Video.Split == split)];
        using TemporalNetwork network = new PhaseTemporalFitting(SurgicalWorkflow.Cholec80.Phases.Count, options).Fit(
            Of(PhaseSplit.Train), Of(PhaseSplit.Validation), (_, _) => { }, CancellationToken.None);
        TemporalFilter filter = new(network);
        PhaseEvaluation figures = PhaseEvaluator.Evaluate([.. Of(PhaseSplit.Test).Select(video => Answer(filter, video))], SurgicalWorkflow.Cholec80, PhaseProtocol.Strict, 1);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-42} {videos[0].Length,15}   {figures.AccuracyMean:0.0} ± {figures.AccuracyStd:0.0} %"));
    }

    private static PhasePair Answer(TemporalFilter filter, VideoFeatures video)
    {
        TemporalSession session = filter.Start();
        return new PhasePair
        {
            Video = video.Video.Name,
            Truth = video.Phases,
            Predicted = [.. video.Phases.Select((_, second) => session.Step(video.Variants[0].AsSpan(second * video.Length, video.Length))).Select(logits => Array.IndexOf(logits, logits.Max()))],
        };
    }
}
