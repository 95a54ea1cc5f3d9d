using System.Diagnostics;
using System.Globalization;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Errors;
using MedGen.Media;
using MedGen.Model.Autoencoders;
using MedGen.Model.Checkpoints;
using MedGen.Model.Pipelines;
using MedGen.Phantoms;
using MedGen.Evaluation.Metrics;
using MedGen.Classifiers.Networks;
using MedGen.Classifiers.Training.ImagingModality;
using MedGen.Training.Recipes;
using MedGen.Training.Running;
using static TorchSharp.torch;

namespace MedGen.Evaluation.Generation;

/// <summary>
/// Measures a generating model on what it was never trained on: whether it shows what it is asked for, how it reconstructs, how its clips are
/// distributed, how they move, and whether they are copies. Writes nothing but its own output folder.
/// </summary>
/// <param name="reader">Decodes real clips.</param>
/// <param name="phantoms">The simulators that prompts may name.</param>
public sealed class GenerationEvaluator(IVideoReader reader, IReadOnlyList<IPhantom> phantoms)
{
    /// <summary>Name of the report in the output folder.</summary>
    public const string ReportName = "EVALUATION.md";

    private const int MaxComponents = 32;
    private const int ReconstructedPerPrompt = 4;

    /// <summary>Measures. Torch runs on a thread of its own; run nothing else on torch meanwhile.</summary>
    /// <param name="spec">What to measure.</param>
    /// <param name="recipe">The recipe that trained the model, <see cref="GenerationEvaluationSpec.Training"/>.</param>
    /// <param name="outputFolder">Folder for <c>EVALUATION.md</c>, <c>evaluation.json</c> and <c>samples.png</c>.</param>
    /// <param name="progress">Told what is done, from 0 to 1.</param>
    /// <param name="cancellationToken">Stops after a clip; nothing is written then.</param>
    /// <returns>What was measured.</returns>
    /// <exception cref="InvalidInputException">Specification, recipe or data do not fit.</exception>
    /// <exception cref="ModelFormatException">Model or classifier cannot be read.</exception>
    public async Task<GenerationEvaluation> RunAsync(
        GenerationEvaluationSpec spec, TrainingRecipe recipe, string outputFolder, Action<string, double> progress,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(recipe);
        ArgumentNullException.ThrowIfNull(progress);
        EvaluationData data = await EvaluationData.PrepareAsync(spec, recipe, reader, phantoms, progress, cancellationToken).ConfigureAwait(false);
        return await Task.Factory.StartNew(
            () => Measure(spec, data, outputFolder, progress, cancellationToken), CancellationToken.None, TaskCreationOptions.LongRunning,
            TaskScheduler.Default).ConfigureAwait(false);
    }

    private static GenerationEvaluation Measure(
        GenerationEvaluationSpec spec, EvaluationData data, string outputFolder, Action<string, double> progress, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        ModelFolder folder = ModelFolder.Open(spec.Model);
        using FrameClassifier classifier = FrameClassifier.Load(spec.Classifier, CPU);
        ClipScoring scoring = new(classifier, data.Shape);
        CheckLabels(spec, data, scoring.Labels);
        using MedGenPipeline pipeline = MedGenPipeline.Open(folder, CPU, ScalarType.Float32);
        using WanAutoencoder autoencoder = folder.OpenAutoencoder(CPU, ScalarType.Float32);
        IReadOnlyList<ReconstructionQuality> reconstruction = Reconstruct(autoencoder, data, progress, cancellationToken);
        (ClipSample generated, double seconds) = Generate(pipeline, spec, data.Shape, "generating", progress, cancellationToken);
        ClipSample untrained;
        using (UntrainedModel random = UntrainedModel.Of(folder))
        using (MedGenPipeline randomPipeline = MedGenPipeline.Open(random.Folder, CPU, ScalarType.Float32))
        {
            // Its transformer answers 0 at every step: one step gives what many would.
            GenerationEvaluationSpec once = spec with { Samples = spec.Samples with { Steps = 1, GuidanceScale = 1 } };
            (untrained, _) = Generate(randomPipeline, once, data.Shape, "generating without training", progress, cancellationToken);
        }

        IReadOnlyList<FirstFrameQuality> firstFrames = FirstFrameQuality.Of(pipeline, autoencoder, spec, data, progress, cancellationToken);
        progress("comparing", 0.9);
        IReadOnlyList<PromptAdherence> prompts = PromptAdherence.Of(spec, data, scoring, generated, untrained);
        Tensor training = scoring.Features(data.Training.Clips);
        using PrincipalComponents space = PrincipalComponents.Fit(training, MaxComponents);
        Tensor trainingPoints = space.Project(training);
        Tensor heldOutPoints = space.Project(scoring.Features(data.HeldOut.Clips));
        Tensor generatedPoints = space.Project(scoring.Features(generated.Clips));
        Tensor untrainedPoints = space.Project(scoring.Features(untrained.Clips));
        Dictionary<string, MotionStatistics> motion = new()
        {
            ["generated"] = MotionStatistics.Of(generated.Clips, data.Shape.FrameBytes),
            ["held-out simulated"] = MotionStatistics.Of(data.HeldOut.Clips, data.Shape.FrameBytes),
        };
        if (data.Real.Any(clip => clip.Shape.NumFrames > 1))
        {
            motion["held-out real"] = MotionStatistics.Of(
                [.. data.Real.Where(clip => clip.Shape.NumFrames > 1).Select(clip => clip.Pixels)], data.Shape.FrameBytes);
        }

        GenerationEvaluation evaluation = new()
        {
            Model = folder.Name,
            Hash = folder.ComputeHash(),
            Seeds = spec.Seeds,
            FirstSeed = spec.FirstSeed,
            Sampling = string.Create(
                CultureInfo.InvariantCulture,
                $"{spec.Width} × {spec.Height} px, {spec.NumFrames} frames at {spec.FramesPerSecond} a second; UniPC, {spec.Samples.Steps} steps, "
                    + $"guidance {spec.Samples.GuidanceScale}, shift {spec.Samples.Shift}"),
            Labels = scoring.Labels,
            Adherence = prompts.Average(prompt => prompt.Generated),
            AdherenceCeiling = prompts.Average(prompt => prompt.HeldOut),
            Prompts = prompts,
            Reconstruction = reconstruction,
            NotRead = data.NotRead,
            FirstFrames = firstFrames,
            Components = space.Count,
            Distribution = new Dictionary<string, DistributionQuality>
            {
                ["training"] = Compare(trainingPoints), ["generated"] = Compare(generatedPoints), ["untrained"] = Compare(untrainedPoints),
            },
            Motion = motion,
            Memorisation =
            [
                MemorisationQuality.Of("features", generatedPoints, heldOutPoints, trainingPoints),
                MemorisationQuality.OfThumbnails(generated.Clips, data.HeldOut.Clips, data.Training.Clips, data.Shape),
            ],
            SecondsPerClip = seconds,
        };
        GenerationReport.Write(outputFolder, evaluation, generated, data.Shape);
        return evaluation;

        DistributionQuality Compare(Tensor points)
        {
            (double precision, double recall) = Neighbourhoods.PrecisionRecall(heldOutPoints, points);
            (double density, double coverage) = Neighbourhoods.DensityCoverage(heldOutPoints, points);
            return new DistributionQuality(
                (int)points.size(0), FrechetDistance.Of(points, heldOutPoints), KernelDistance.Of(points, heldOutPoints),
                MaximumMeanDiscrepancy.Of(points, heldOutPoints), precision, recall, density, coverage);
        }
    }

    private static void CheckLabels(GenerationEvaluationSpec spec, EvaluationData data, IReadOnlyList<string> labels)
    {
        FieldViolation[] violations =
        [
            .. from index in Enumerable.Range(0, spec.Prompts.Count)
               where !labels.Contains(ModalityLabels.Of(data.Kinds[index].Modality))
               select new FieldViolation(
                   $"prompts[{index}].kind",
                   $"'{spec.Prompts[index].Kind}' is {data.Kinds[index].Modality}, which the classifier does not know; it knows "
                       + $"{string.Join(", ", labels)}."),
        ];
        if (violations.Length > 0)
        {
            throw new InvalidInputException(violations);
        }
    }

    private static IReadOnlyList<ReconstructionQuality> Reconstruct(
        WanAutoencoder autoencoder, EvaluationData data, Action<string, double> progress, CancellationToken cancellationToken)
    {
        (string Source, string Modality, byte[] Pixels, ClipShape Shape)[] clips =
        [
            .. data.HeldOut.Clips.Zip(data.HeldOut.Prompts).GroupBy(pair => pair.Second).SelectMany(pairs => pairs.Take(ReconstructedPerPrompt))
                .Select(pair => ("simulated", data.Kinds[pair.Second].Modality, pair.First, data.Shape)),
            .. data.Real.Select(clip => (clip.Source, clip.Modality, clip.Pixels, clip.Shape)),
        ];
        List<(string Source, string Modality, double Psnr, double Ssim)> measured = [];
        foreach ((string source, string modality, byte[] pixels, ClipShape shape) in clips)
        {
            cancellationToken.ThrowIfCancellationRequested();
            (double psnr, double ssim) = ReconstructionQuality.Of(autoencoder, pixels, shape);
            measured.Add((source, modality, psnr, ssim));
            progress("reconstructing", 0.1 + (0.15 * measured.Count / clips.Length));
        }

        return
        [
            .. measured.GroupBy(clip => (clip.Source, clip.Modality)).OrderBy(g => g.Key)
                .Select(g => new ReconstructionQuality(g.Key.Source, g.Key.Modality, g.Count(), g.Average(c => c.Psnr), g.Average(c => c.Ssim))),
        ];
    }

    private static (ClipSample Sample, double Seconds) Generate(
        MedGenPipeline pipeline, GenerationEvaluationSpec spec, ClipShape shape, string what, Action<string, double> progress,
        CancellationToken cancellationToken)
    {
        List<byte[]> clips = [];
        List<int> prompts = [];
        List<double> seconds = [];
        for (int prompt = 0; prompt < spec.Prompts.Count; prompt++)
        {
            for (int seed = 0; seed < spec.Seeds; seed++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                long start = Stopwatch.GetTimestamp();
                clips.Add(GeneratedClip.Make(pipeline, spec.Prompts[prompt].Prompt, spec.FirstSeed + seed, shape, spec.Samples));
                prompts.Add(prompt);
                seconds.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
                progress(what, 0.25 + (0.55 * clips.Count / (spec.Prompts.Count * spec.Seeds)));
            }
        }

        return (new ClipSample(clips, prompts), Math.Round(seconds.Order().ElementAt(seconds.Count / 2), 2));
    }
}
