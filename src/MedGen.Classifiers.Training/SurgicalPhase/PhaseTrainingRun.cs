using System.Security.Cryptography;
using System.Text;
using MedGen.Classifiers.Networks;
using MedGen.Classifiers.Temporal;
using MedGen.Classifiers.Training.SurgicalPhase.Evaluation;
using TorchSharp;

namespace MedGen.Classifiers.Training.SurgicalPhase;

/// <summary>The torch part of a run: frame network, features, temporal network, calibration, evaluation of the written file.</summary>
internal sealed class PhaseTrainingRun(
    PhaseTrainingOptions options, SurgicalWorkflow workflow, string data, IReadOnlyList<VideoViews> videos, ClassifierRun run)
{
    private const int TrainingVariants = 2;
    private static readonly double[] ChangeCosts = [0.5, 1, 2, 4, 8, 16, 32, 64];

    private readonly int _classes = workflow.Phases.Count;
    private readonly string _hash = Hash(videos);

    public PhaseTrainingEvaluation Run(string path, CancellationToken cancellationToken)
    {
        using FrameClassifier classifier = TrainFrameNetwork(cancellationToken);
        FrameNetwork frame = classifier.Networks[0];
        List<VideoFeatures> features = [];
        foreach (VideoViews video in videos)
        {
            cancellationToken.ThrowIfCancellationRequested();
            features.Add(
                PhaseFrameFitting.Embed(frame, video, video.Video.Split == PhaseSplit.Train ? TrainingVariants : 1, options.Seed + features.Count));
            run.Log.Report("features", features.Count, videos.Count, null);
        }

        List<VideoFeatures> Of(PhaseSplit split) => [.. features.Where(f => f.Video.Split == split)];
        List<VideoFeatures> validation = Of(PhaseSplit.Validation);
        using TemporalNetwork temporal = new PhaseTemporalFitting(_classes, options).Fit(
            Of(PhaseSplit.Train), validation, (epoch, loss) => run.Log.Report("temporal", epoch + 1, options.Epochs, loss), cancellationToken);

        var filter = new TemporalFilter(temporal);
        List<(VideoFeatures Video, List<float[]> Logits)> answers = [.. validation.Select(f => (f, Logits(filter, f)))];
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
        run.Log.Report("written", 1, 1, null);
        return Evaluate(path, Of(PhaseSplit.Test));
    }

    private FrameClassifier TrainFrameNetwork(CancellationToken cancellationToken)
    {
        FrameClassifierMetadata metadata = new()
        {
            Labels = workflow.Phases,
            Members = 1,
            Calibration = FrameCalibration.None,
            TrainingDataHash = _hash,
            Seed = options.Seed,
            Steps = options.FrameSteps,
        };
        VideoViews[] training = [.. videos.Where(f => f.Video.Split == PhaseSplit.Train)];
        return run.Train("frame", metadata, onStep => new PhaseFrameFitting(_classes, options).Fit(training, onStep, cancellationToken));
    }

    /// <summary>Those of the workflow; where none are published, those that the training videos show.</summary>
    private IEnumerable<(int From, int To)> Transitions() => workflow.Transitions.Count > 0
        ? workflow.Transitions
        : videos.Where(f => f.Video.Split == PhaseSplit.Train)
            .SelectMany(f => PhaseSegment.Of(f.Video.Phases).Zip(PhaseSegment.Of(f.Video.Phases).Skip(1), (a, b) => (a.Phase, b.Phase)))
            .Distinct().Order();

    private static List<float[]> Logits(TemporalFilter filter, VideoFeatures video) => Logits(filter.Start(), video);

    private static List<float[]> Logits(TemporalSession session, VideoFeatures video) =>
        [.. video.Phases.Select((_, t) => session.Step(video.Variants[0].AsSpan(t * video.Length, video.Length)))];

    /// <summary>Least mean negative log-likelihood over a grid of 5 % steps.</summary>
    private static double FitTemperature(List<(VideoFeatures Video, List<float[]> Logits)> answers) =>
        Enumerable.Range(-30, 70).Select(i => Math.Pow(1.05, i)).MinBy(temperature => answers.Sum(a => a.Logits
            .Select((logits, t) => -Math.Log(Math.Max(1e-12, PhaseRecognizer.Softmax(logits, temperature)[a.Video.Phases[t]]))).Sum()));

    private static double FitChangeCost(List<(VideoFeatures Video, List<float[]> Logits)> answers, PhaseRecognizerMetadata metadata) =>
        ChangeCosts.MaxBy(cost => answers.Average(a =>
        {
            List<double[]> probabilities = [.. a.Logits.Select(l => PhaseRecognizer.Softmax(l, metadata.Temperature))];
            return WorkflowDecoder.Decode(probabilities, metadata.Graph(), cost).Zip(a.Video.Phases, (p, t) => p == t ? 1.0 : 0.0).Average();
        }));

    private PhaseTrainingEvaluation Evaluate(string path, List<VideoFeatures> test)
    {
        using PhaseRecognizer recognizer = PhaseRecognizer.Load(path, torch.CPU);
        PhaseRecognizerMetadata metadata = recognizer.Metadata;
        var plain = new List<PhasePair>();
        var online = new List<PhasePair>();
        var offline = new List<PhasePair>();
        foreach (VideoFeatures video in test)
        {
            List<float[]> logits = Logits(recognizer.Start(), video);
            List<double[]> probabilities = [.. logits.Select(recognizer.Probabilities)];
            PhasePair pair = new()
            {
                Video = video.Video.Name,
                Truth = video.Phases,
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
            MeanSeconds = videos.Average(f => f.Count),
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

    private string[] Names(PhaseSplit split) => [.. videos.Where(f => f.Video.Split == split).Select(f => f.Video.Name)];

    private static string Hash(IReadOnlyList<VideoViews> videos)
    {
        var text = new StringBuilder();
        foreach (VideoViews video in videos)
        {
            text.Append(video.Video.Name).Append(' ').Append(video.Video.Origin).Append(' ').Append(video.Video.Split).Append(' ')
                .AppendJoin(',', video.Video.Phases).Append('\n');
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
