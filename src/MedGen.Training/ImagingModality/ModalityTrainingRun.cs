using MedGen.Abstractions.Errors;
using MedGen.Torch.Networks;
using TorchSharp;

namespace MedGen.Training.ImagingModality;

/// <summary>The torch part of a run: networks of the folds and of the shipped classifier, each kept as a checkpoint when it is finished.</summary>
internal sealed class ModalityTrainingRun
{
    private readonly ModalityTrainingOptions _options;
    private readonly IReadOnlyList<ModalityClip> _clips;
    private readonly IReadOnlyList<ModalityClip> _phantoms;
    private readonly string _dataHash;
    private readonly ClassifierTrainingLog _log;

    public ModalityTrainingRun(
        ModalityTrainingOptions options, IReadOnlyList<ModalityClip> clips, IReadOnlyList<ModalityClip> phantoms, string dataHash, ClassifierTrainingLog log)
    {
        (_options, _clips, _phantoms, _dataHash, _log) = (options, clips, phantoms, dataHash, log);
        (Labels, LeftOut) = ModalityLabels.Split(clips.Select(c => c.Item), options.MinGroups);
        if (Labels.Count < 2)
        {
            throw new InvalidInputException(
                "data", $"{Labels.Count} modality codes have {options.MinGroups} or more groups in readable files; at least 2 are needed.");
        }
    }

    public IReadOnlyList<string> Labels { get; }

    public IReadOnlyList<string> LeftOut { get; }

    /// <summary>Trains a network per fold and asks it about the clips of that fold and about drawn outliers.</summary>
    public List<HeldOutAnswer> CrossValidate(int outliersPerKindAndFold, CancellationToken cancellationToken)
    {
        int[] folds = FoldPlan.Assign(_clips, Labels, _options.Folds, _options.Seed);
        var answers = new List<HeldOutAnswer>();
        for (int fold = 0; fold < _options.Folds; fold++)
        {
            List<ModalityClip> training = [.. _clips.Where((_, i) => folds[i] != fold)];
            using FrameClassifier classifier = Train($"fold {fold + 1}", training, (_options.Seed * 1000) + fold, cancellationToken);
            var sources = training.Select(c => (c.Label, c.Item.Source)).ToHashSet();
            foreach (ModalityClip clip in _clips.Where((_, i) => folds[i] == fold))
            {
                cancellationToken.ThrowIfCancellationRequested();
                int truth = Labels.ToList().IndexOf(clip.Label);
                answers.Add(new HeldOutAnswer(
                    clip.Item, clip.Label, truth, Mean(classifier.Score(clip.Pictures)), !sources.Contains((clip.Label, clip.Item.Source))));
            }

            var random = new Random(_options.Seed + fold);
            foreach (string kind in OutlierPictures.HeldOutKinds)
            {
                for (int i = 0; i < outliersPerKindAndFold; i++)
                {
                    answers.Add(new HeldOutAnswer(null, kind, -1, Mean(classifier.Score([OutlierPictures.Draw(kind, random)])), true));
                }
            }
        }

        return answers;
    }

    /// <summary>Trains the shipped networks on all groups and writes them into one file.</summary>
    public void TrainMembers(string path, FrameCalibration calibration, CancellationToken cancellationToken)
    {
        var members = new List<FrameClassifier>();
        try
        {
            for (int i = 0; i < _options.Members; i++)
            {
                members.Add(Train($"member {i + 1}", _clips, (_options.Seed * 1000) + 500 + i, cancellationToken));
            }

            FrameClassifier.Save(path, [.. members.SelectMany(m => m.Networks)], Metadata(members.Count, calibration, _options.Seed));
        }
        finally
        {
            members.ForEach(m => m.Dispose());
        }
    }

    private FrameClassifier Train(string stage, IReadOnlyList<ModalityClip> clips, int seed, CancellationToken cancellationToken)
    {
        string checkpoint = Path.Combine(_options.OutputFolder, $"{stage.Replace(' ', '-')}.safetensors");
        if (_options.Resume && File.Exists(checkpoint))
        {
            FrameClassifier kept = FrameClassifier.Load(checkpoint, torch.CPU);
            FrameClassifierMetadata origin = kept.Metadata;
            if (origin.Seed == seed && origin.Steps == _options.Steps && origin.TrainingDataHash == _dataHash && origin.Labels.SequenceEqual(Labels))
            {
                _log.Report(stage, _options.Steps, _options.Steps, null);
                return kept;
            }

            kept.Dispose();
        }

        double mean = 0;
        IReadOnlyList<ModalityClip> real = _options.Phantoms == PhantomUse.Only ? [] : clips;
        using FrameNetwork network = new FrameNetworkFitting(Labels, _options).Fit(real, _phantoms, seed, (step, loss) =>
        {
            mean = step == 0 ? loss : (0.97 * mean) + (0.03 * loss);
            if ((step + 1) % 25 == 0 || step + 1 == _options.Steps)
            {
                _log.Report(stage, step + 1, _options.Steps, mean);
            }
        }, cancellationToken);
        FrameClassifier.Save(checkpoint, [network], Metadata(1, FrameCalibration.None, seed));
        return FrameClassifier.Load(checkpoint, torch.CPU);
    }

    private FrameClassifierMetadata Metadata(int members, FrameCalibration calibration, int seed) => new()
    {
        Labels = Labels,
        Members = members,
        Calibration = calibration,
        TrainingDataHash = _dataHash,
        Seed = seed,
        Steps = _options.Steps,
    };

    private static IReadOnlyList<double>? Mean(IReadOnlyList<IReadOnlyList<double>?> scores)
    {
        List<IReadOnlyList<double>> votes = [.. scores.OfType<IReadOnlyList<double>>()];
        return votes.Count == 0 ? null : [.. Enumerable.Range(0, votes[0].Count).Select(k => votes.Average(v => v[k]))];
    }
}
