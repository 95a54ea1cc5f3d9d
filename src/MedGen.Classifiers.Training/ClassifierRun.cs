using MedGen.Classifiers.Networks;
using MedGen.Training.Validation;
using static TorchSharp.torch;

namespace MedGen.Classifiers.Training;

/// <summary>
/// What the trainings of all classifiers have in common: an output folder, a log, and frame networks of which an interrupted run keeps the finished
/// ones.
/// </summary>
internal sealed class ClassifierRun : IDisposable
{
    private const int StepsPerReport = 25;
    private const double MeanDecay = 0.97;
    private readonly string _folder;
    private readonly bool _resume;

    /// <summary>Opens the output folder.</summary>
    /// <param name="folder">The folder; made if it is not there.</param>
    /// <param name="resume">Whether to continue with what the folder holds.</param>
    /// <param name="progress">Told about stages and steps; null: nobody.</param>
    /// <exception cref="Sdk.Errors.FailedPreconditionException">The folder holds a training that is not to be continued.</exception>
    public ClassifierRun(string folder, bool resume, IProgress<ClassifierTrainingProgress>? progress)
    {
        Directory.CreateDirectory(folder);
        if (!resume
            && Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Any(file => Path.GetExtension(file) is ".safetensors" or ".views"))
        {
            throw ExistingTraining.Refuse(folder);
        }

        (_folder, _resume, Log) = (folder, resume, new ClassifierTrainingLog(Path.Combine(folder, "log.jsonl"), progress));
    }

    /// <summary>The log.</summary>
    public ClassifierTrainingLog Log { get; }

    /// <summary>Trains a frame network, or takes the one that an earlier run finished with the same data, labels, seed and steps.</summary>
    /// <param name="stage">Name of the stage; the checkpoint is called by it.</param>
    /// <param name="metadata">What the network is trained on and how.</param>
    /// <param name="fit">Trains; tells the action of each step, from 0, and its loss.</param>
    /// <returns>A classifier of one network; the caller's.</returns>
    public FrameClassifier Train(string stage, FrameClassifierMetadata metadata, Func<Action<int, double>, FrameNetwork> fit)
    {
        string checkpoint = Path.Combine(_folder, $"{stage.Replace(' ', '-')}.safetensors");
        if (_resume && File.Exists(checkpoint))
        {
            FrameClassifier kept = FrameClassifier.Load(checkpoint, CPU);
            if (IsSame(kept.Metadata, metadata))
            {
                Log.Report(stage, metadata.Steps, metadata.Steps, null);
                return kept;
            }

            kept.Dispose();
        }

        double mean = 0;
        using FrameNetwork network = fit((step, loss) =>
        {
            mean = step == 0 ? loss : (MeanDecay * mean) + ((1 - MeanDecay) * loss);
            if ((step + 1) % StepsPerReport == 0 || step + 1 == metadata.Steps)
            {
                Log.Report(stage, step + 1, metadata.Steps, mean);
            }
        });
        FrameClassifier.Save(checkpoint, [network], metadata);
        return FrameClassifier.Load(checkpoint, CPU);
    }

    /// <summary>Closes the log.</summary>
    public void Dispose() => Log.Dispose();

    private static bool IsSame(FrameClassifierMetadata kept, FrameClassifierMetadata wanted) =>
        kept.Seed == wanted.Seed
            && kept.Steps == wanted.Steps
            && kept.TrainingDataHash == wanted.TrainingDataHash
            && kept.Labels.SequenceEqual(wanted.Labels);
}
