using TorchSharp;
using TorchSharp.Modules;

namespace MedGen.Training.Running;

/// <summary>A run's numbers as TensorBoard event files, beside the JSON lines. A run that goes on writes all its steps anew, each once.</summary>
internal sealed class TensorBoardLog
{
    private const string FilePattern = "events.out.tfevents.*";

    private readonly SummaryWriter _writer;

    /// <summary>Opens the log of a run.</summary>
    /// <param name="folder">Folder of the run; files of an earlier start are replaced.</param>
    /// <param name="kept">What an earlier start wrote and stays.</param>
    public TensorBoardLog(string folder, IEnumerable<TrainingProgress> kept)
    {
        Directory.CreateDirectory(folder);
        foreach (string file in Directory.EnumerateFiles(folder, FilePattern))
        {
            File.Delete(file);
        }

        _writer = torch.utils.tensorboard.SummaryWriter(folder);
        foreach (TrainingProgress entry in kept)
        {
            Write(entry);
        }
    }

    /// <summary>Writes the numbers of an entry; one without a loss has none.</summary>
    public void Write(TrainingProgress entry)
    {
        if (entry.Loss is not { } loss)
        {
            return;
        }

        string part = entry.Event == "validate" ? "held_out" : "train";
        Add($"loss/{part}", loss);
        foreach ((string name, double value) in entry.Metrics ?? new Dictionary<string, double>())
        {
            Add($"{name}/{part}", value);
        }

        Add("gradient_norm", entry.GradientNorm);
        Add("learning_rate", entry.LearningRate);
        Add("clips_per_second", entry.ClipsPerSecond);

        void Add(string tag, double? value)
        {
            if (value is { } number)
            {
                _writer.add_scalar(tag, (float)number, entry.Done);
            }
        }
    }
}
