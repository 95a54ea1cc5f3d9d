using MedGen.Datasets.Augmentation;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Errors;
using MedGen.Datasets.Adapters;
using MedGen.Sdk.Files;
using MedGen.Model.Checkpoints;
using MedGen.Training.Clips;
using MedGen.Training.Recipes;
using MedGen.Training.Running;

namespace MedGen.Training.Adapters;

/// <summary>Trains adapters of one model by the trainer behind <c>medgen train</c>, on clips that it is given and on nothing else.</summary>
/// <param name="model">Folder of the model.</param>
/// <param name="device"><c>cpu</c> or <c>cuda:N</c>; nothing else may use it meanwhile.</param>
/// <param name="dataType"><c>auto</c>, <c>float32</c> or <c>bfloat16</c>.</param>
public sealed class LoraAdapterTrainer(string model, string device, string dataType) : IAdapterTrainer
{
    /// <inheritdoc />
    public string ComputeModelHash() => ModelFolder.Open(model).ComputeHash();

    /// <inheritdoc />
    public IReadOnlyList<FieldViolation> Violations(ClipShape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        return [.. ModelFolder.Open(model).ReadGrid().Violations(shape.Width, shape.Height, shape.NumFrames, ClipShape.MaxSide, ClipShape.MaxFrames)];
    }

    /// <inheritdoc />
    public async Task<AdapterTrainingResult> TrainAsync(
        AdapterTrainingTask task, IProgress<AdapterTrainingStatus> progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(progress);
        TrainingRecipe recipe = AdapterRecipe.Of(task, model, dataType, ModelFolder.Open(model).Defaults);
        TrainingOptions options = new() { OutputFolder = task.WorkFolder, Resume = true, Device = device, DrawsSamples = false };
        progress.Report(new AdapterTrainingStatus(0, task.Training.Steps));
        await ModelTrainer.RunAsync(recipe, ClipLibrary.Of(AdapterRecipe.Source, Clips(task)), options, new Steps(progress), cancellationToken)
            .ConfigureAwait(false);
        RunFiles files = new(options, recipe, recipe.Runs[0]);
        WholeFile.Write(task.File, path => File.Copy(files.Model.AdapterPath, path, overwrite: true));
        return Losses(RunLog.ReadCurves(files.Log)["loss"].Training);
    }

    // A clip with several captions is as many items, which share their latents.
    private static TrainingClip[] Clips(AdapterTrainingTask task) =>
    [
        .. from input in task.Clips
           from caption in input.Captions
           select new SplitTrainingClip(input)
           {
               Source = AdapterRecipe.Source,
               Name = input.Clip.Id,
               Group = input.Clip.Id,
               Brief = caption,
               Detailed = caption,
           },
    ];

    private static AdapterTrainingResult Losses(IReadOnlyList<(int Step, double Value)> losses)
    {
        int tenth = Math.Max(1, losses.Count / 10);
        return new AdapterTrainingResult(losses.Take(tenth).Average(one => one.Value), losses.TakeLast(tenth).Average(one => one.Value));
    }

    private sealed class Steps(IProgress<AdapterTrainingStatus> progress) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.Event == "train")
            {
                progress.Report(new AdapterTrainingStatus(value.Done, value.Total));
            }
        }
    }
}
