using System.Security.Cryptography;
using System.Text;
using MedGen.Torch.Networks;
using MedGen.Torch.Networks.Temporal;
using MedGen.Training.SurgicalPhase.Evaluation;
using TorchSharp;

namespace MedGen.Training.SurgicalPhase;

/// <summary>The torch part of a run: frame network, features, temporal network, calibration, evaluation of the written file.</summary>
internal sealed class PhaseTrainingRun(PhaseTrainingOptions options, SurgicalWorkflow workflow, string data, IReadOnlyList<FilmViews> films, ClassifierTrainingLog log)
{
    private const int TrainingVariants = 2;
    private static readonly double[] ChangeCosts = [0.5, 1, 2, 4, 8, 16, 32, 64];

    private readonly int _classes = workflow.Phases.Count;
    private readonly string _hash = Hash(films);

    public PhaseTrainingEvaluation Run(string path, CancellationToken cancellationToken)
    {
        using FrameNetwork frame = FrameStage(cancellationToken);
        List<FilmFeatures> features = [];
        foreach (FilmViews film in films)
        {
            cancellationToken.ThrowIfCancellationRequested();
            features.Add(PhaseFrameFitting.Embed(frame, film, film.Film.Split == PhaseSplit.Train ? TrainingVariants : 1, options.Seed + features.Count));
            log.Report("features", features.Count, films.Count, null);
        }

        List<FilmFeatures> Of(PhaseSplit split) => [.. features.Where(f => f.Film.Split == split)];
        List<FilmFeatures> validation = Of(PhaseSplit.Validation);
        using TemporalNetwork temporal = new PhaseTemporalFitting(_classes, options).Fit(
            Of(PhaseSplit.Train), validation, (epoch, loss) => log.Report("temporal", epoch + 1, options.Epochs, loss), cancellationToken);

        var filter = new TemporalFilter(temporal);
        List<(FilmFeatures Film, List<float[]> Logits)> answers = [.. validation.Select(f => (f, Logits(filter, f)))];
        double temperature = FitTemperature(answers);
        PhaseRecognizerMetadata metadata = new()
        {
            Labels = workflow.Phases,
            Transitions = [.. Transitions().Select(t => (IReadOnlyList<int>)[t.From, t.To])],
            Temporal = temporal.Config,
            Temperature = temperature,
            ChangeCost = 0,
            TrainingData = data,
            TrainingDataHash = _hash,
            Seed = options.Seed,
        };
        metadata = metadata with { ChangeCost = FitChangeCost(answers, metadata) };
        PhaseRecognizer.Save(path, frame, temporal, metadata);
        log.Report("written", 1, 1, null);
        return Evaluate(path, Of(PhaseSplit.Test));
    }

    private FrameNetwork FrameStage(CancellationToken cancellationToken)
    {
        const string Stage = "frame";
        string checkpoint = Path.Combine(options.OutputFolder, "frame.safetensors");
        if (options.Resume && File.Exists(checkpoint))
        {
            (FrameClassifierMetadata origin, _) = FrameClassifier.ReadMetadata(checkpoint);
            if (origin.Seed == options.Seed && origin.Steps == options.FrameSteps && origin.TrainingDataHash == _hash && origin.Labels.SequenceEqual(workflow.Phases))
            {
                log.Report(Stage, options.FrameSteps, options.FrameSteps, null);
                using FrameClassifier kept = FrameClassifier.Load(checkpoint, torch.CPU);
                return FrameNetwork.FromWeights(checkpoint, _classes, name => kept.Networks[0].Weights[name], torch.CPU);
            }
        }

        double mean = 0;
        FrameNetwork network = new PhaseFrameFitting(_classes, options).Fit(
            [.. films.Where(f => f.Film.Split == PhaseSplit.Train)],
            (step, loss) =>
            {
                mean = step == 0 ? loss : (0.97 * mean) + (0.03 * loss);
                if ((step + 1) % 25 == 0 || step + 1 == options.FrameSteps)
                {
                    log.Report(Stage, step + 1, options.FrameSteps, mean);
                }
            },
            cancellationToken);
        FrameClassifierMetadata metadata = new()
        {
            Labels = workflow.Phases,
            Members = 1,
            Calibration = FrameCalibration.None,
            TrainingDataHash = _hash,
            Seed = options.Seed,
            Steps = options.FrameSteps,
        };
        FrameClassifier.Save(checkpoint, [network], metadata);
        return network;
    }

    /// <summary>Those of the workflow; where none are published, those that the training videos show.</summary>
    private IEnumerable<(int From, int To)> Transitions() => workflow.Transitions.Count > 0
        ? workflow.Transitions
        : films.Where(f => f.Film.Split == PhaseSplit.Train)
            .SelectMany(f => PhaseSegment.Of(f.Film.Phases).Zip(PhaseSegment.Of(f.Film.Phases).Skip(1), (a, b) => (a.Phase, b.Phase)))
            .Distinct().Order();

    private static List<float[]> Logits(TemporalFilter filter, FilmFeatures film) => Logits(filter.Start(), film);

    private static List<float[]> Logits(TemporalSession session, FilmFeatures film) =>
        [.. film.Phases.Select((_, t) => session.Step(film.Variants[0].AsSpan(t * film.Length, film.Length)))];

    /// <summary>Least mean negative log-likelihood over a grid of 5 % steps.</summary>
    private static double FitTemperature(List<(FilmFeatures Film, List<float[]> Logits)> answers) =>
        Enumerable.Range(-30, 70).Select(i => Math.Pow(1.05, i)).MinBy(temperature => answers.Sum(a => a.Logits
            .Select((logits, t) => -Math.Log(Math.Max(1e-12, PhaseRecognizer.Softmax(logits, temperature)[a.Film.Phases[t]]))).Sum()));

    private static double FitChangeCost(List<(FilmFeatures Film, List<float[]> Logits)> answers, PhaseRecognizerMetadata metadata) =>
        ChangeCosts.MaxBy(cost => answers.Average(a =>
        {
            List<double[]> probabilities = [.. a.Logits.Select(l => PhaseRecognizer.Softmax(l, metadata.Temperature))];
            return WorkflowDecoder.Decode(probabilities, metadata.Graph(), cost).Zip(a.Film.Phases, (p, t) => p == t ? 1.0 : 0.0).Average();
        }));

    private PhaseTrainingEvaluation Evaluate(string path, List<FilmFeatures> test)
    {
        using PhaseRecognizer recognizer = PhaseRecognizer.Load(path, torch.CPU);
        PhaseRecognizerMetadata metadata = recognizer.Metadata;
        var plain = new List<PhasePair>();
        var online = new List<PhasePair>();
        var offline = new List<PhasePair>();
        foreach (FilmFeatures film in test)
        {
            List<float[]> logits = Logits(recognizer.Start(), film);
            List<double[]> probabilities = [.. logits.Select(recognizer.Probabilities)];
            PhasePair pair = new()
            {
                Video = film.Film.Name,
                Truth = film.Phases,
                Predicted = [.. probabilities.Select(p => Array.IndexOf(p, p.Max()))],
                Probabilities = probabilities,
            };
            online.Add(pair);
            plain.Add(pair with { Probabilities = [.. logits.Select(l => PhaseRecognizer.Softmax(l, 1))] });
            offline.Add(pair with { Predicted = WorkflowDecoder.Decode(probabilities, metadata.Graph(), metadata.ChangeCost), Probabilities = null });
        }

        PhaseEvaluation Figures(List<PhasePair> pairs, PhaseProtocol protocol) => PhaseEvaluator.Evaluate(pairs, workflow, protocol, 1);
        bool relaxed = workflow == SurgicalWorkflow.Cholec80;
        PhaseEvaluation strict = Figures(online, PhaseProtocol.Strict);
        return new PhaseTrainingEvaluation
        {
            Data = data,
            Train = Names(PhaseSplit.Train),
            Validation = Names(PhaseSplit.Validation),
            Test = Names(PhaseSplit.Test),
            MeanSeconds = films.Average(f => f.Count),
            FrameSteps = options.FrameSteps,
            Epochs = options.Epochs,
            Seed = options.Seed,
            Online = strict,
            OnlineRelaxed = relaxed ? Figures(online, PhaseProtocol.Relaxed) : null,
            OnlineRelaxedMatlab = relaxed ? Figures(online, PhaseProtocol.RelaxedMatlab) : null,
            Offline = Figures(offline, PhaseProtocol.Strict),
            Temperature = metadata.Temperature,
            CalibrationErrorBefore = Figures(plain, PhaseProtocol.Strict).CalibrationError!.Value,
            CalibrationErrorAfter = strict.CalibrationError!.Value,
            ChangeCost = metadata.ChangeCost,
        };
    }

    private string[] Names(PhaseSplit split) => [.. films.Where(f => f.Film.Split == split).Select(f => f.Film.Name)];

    private static string Hash(IReadOnlyList<FilmViews> films)
    {
        var text = new StringBuilder();
        foreach (FilmViews film in films)
        {
            text.Append(film.Film.Name).Append(' ').Append(film.Film.Origin).Append(' ').Append(film.Film.Split).Append(' ').AppendJoin(',', film.Film.Phases).Append('\n');
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
