using System.Globalization;
using MedGen.Torch.Networks;
using MedGen.Torch.Networks.Temporal;
using MedGen.Training.SurgicalPhase;
using MedGen.Training.SurgicalPhase.Evaluation;
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
            List<FilmViews> films = [];
            foreach (PhaseFilm film in SimulatedProcedures.Create(options, PhaseSplitPlan.Parse(split)))
            {
                films.Add(await FilmViews.OpenAsync(film, folder, resume: false, CancellationToken.None));
            }

            Console.Error.WriteLine($"{films.Count} procedures, {films.Sum(film => film.Count)} s");
            Compare(options, films);
            films.ForEach(film => film.Dispose());
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Compare(PhaseTrainingOptions options, List<FilmViews> films)
    {
        int classes = SurgicalWorkflow.Cholec80.Phases.Count;
        using FrameNetwork frame = new PhaseFrameFitting(classes, options).Fit(
            [.. films.Where(film => film.Film.Split == PhaseSplit.Train)], (_, _) => { }, CancellationToken.None);
        Console.Error.WriteLine("the frame network is trained");
        using ModelFeatures model = new(Path.Combine(AppContext.BaseDirectory, "models", "medgen-mini"));
        List<FilmFeatures> own = [];
        List<FilmFeatures> latents = [];
        List<FilmFeatures> tokens = [];
        foreach ((int index, FilmViews film) in films.Index())
        {
            int variants = film.Film.Split == PhaseSplit.Train ? TrainingVariants : 1;
            own.Add(PhaseFrameFitting.Embed(frame, film, variants, options.Seed + index));
            (FilmFeatures ofLatents, FilmFeatures ofTokens) = model.Embed(film, variants, options.Seed + index);
            latents.Add(ofLatents);
            tokens.Add(ofTokens);
        }

        Console.WriteLine("features                                   numbers a frame   accuracy, strict, online");
        Report("frame network, trained for phases", own, options);
        Report("latents of the shared autoencoder", latents, options);
        Report("middle of the shared transformer", tokens, options);
    }

    private static void Report(string name, List<FilmFeatures> films, PhaseTrainingOptions options)
    {
        List<FilmFeatures> Of(PhaseSplit split) => [.. films.Where(film => film.Film.Split == split)];
        using TemporalNetwork network = new PhaseTemporalFitting(SurgicalWorkflow.Cholec80.Phases.Count, options).Fit(
            Of(PhaseSplit.Train), Of(PhaseSplit.Validation), (_, _) => { }, CancellationToken.None);
        TemporalFilter filter = new(network);
        PhaseEvaluation figures = PhaseEvaluator.Evaluate([.. Of(PhaseSplit.Test).Select(film => Answer(filter, film))], SurgicalWorkflow.Cholec80, PhaseProtocol.Strict, 1);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-42} {films[0].Length,15}   {figures.AccuracyMean:0.0} ± {figures.AccuracyStd:0.0} %"));
    }

    private static PhasePair Answer(TemporalFilter filter, FilmFeatures film)
    {
        TemporalSession session = filter.Start();
        return new PhasePair
        {
            Video = film.Film.Name,
            Truth = film.Phases,
            Predicted = [.. film.Phases.Select((_, second) => session.Step(film.Variants[0].AsSpan(second * film.Length, film.Length))).Select(logits => Array.IndexOf(logits, logits.Max()))],
        };
    }
}
