using System.Text;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Errors;
using MedGen.Datasets.Adapters;
using MedGen.Datasets.Augmentation;

namespace MedGen.Datasets.Tests.Adapters;

/// <summary>Trains nothing: takes its steps, leaves a trace of them in the work folder, and writes a file that says what it was given.</summary>
internal sealed class ScriptedTrainer : IAdapterTrainer
{
    public List<AdapterTrainingTask> Tasks { get; } = [];

    public string ModelHash { get; set; } = new('a', 64);

    /// <summary>Step after which a training is broken off; null: none is.</summary>
    public int? BreaksAfter { get; set; }

    /// <summary>Width in px that it trains at, and at no other; null: at all.</summary>
    public int? OnlyWidth { get; set; }

    public string ComputeModelHash() => ModelHash;

    public IReadOnlyList<FieldViolation> Violations(ClipShape shape) =>
        OnlyWidth is { } width && shape.Width != width ? [new FieldViolation("width", $"got {shape.Width}; allowed: {width}.")] : [];

    public async Task<AdapterTrainingResult> TrainAsync(AdapterTrainingTask task, IProgress<AdapterTrainingStatus> progress, CancellationToken cancellationToken)
    {
        Tasks.Add(task);
        Directory.CreateDirectory(task.WorkFolder);
        string trace = Path.Combine(task.WorkFolder, "steps");
        int first = File.Exists(trace) ? int.Parse(await File.ReadAllTextAsync(trace, cancellationToken)) : 0;
        for (int step = first + 1; step <= task.Training.Steps; step++)
        {
            await File.WriteAllTextAsync(trace, $"{step}", cancellationToken);
            progress.Report(new AdapterTrainingStatus(step, task.Training.Steps));
            if (step == BreaksAfter)
            {
                throw new OperationCanceledException("broken off");
            }
        }

        await File.WriteAllTextAsync(task.File, string.Join('\n', task.Clips.Select(clip => $"{clip.Sha256} {string.Join('|', clip.Captions)}")), Encoding.UTF8, cancellationToken);
        return new AdapterTrainingResult(0.5, 0.25);
    }
}
