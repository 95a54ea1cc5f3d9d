using MedGen.Sdk.Models;
using MedGen.Datasets.Adapters;
using MedGen.Training.Recipes;

namespace MedGen.Training.Adapters;

/// <summary>The recipe by which an adapter of a training split is trained: one stage at the shape of the clips.</summary>
internal static class AdapterRecipe
{
    /// <summary>Name of the only data source.</summary>
    public const string Source = "training split";

    private const int MaxWarmUp = 50;
    private const double SlowestAverage = 0.99;

    /// <summary>Writes the recipe.</summary>
    /// <param name="task">What is asked for.</param>
    /// <param name="model">Folder of the model that is adapted.</param>
    /// <param name="dataType"><c>float32</c> or <c>bfloat16</c>, as the model computes.</param>
    /// <param name="defaults">What the model generates by; noise levels are drawn for its shift.</param>
    public static TrainingRecipe Of(AdapterTrainingTask task, string model, string dataType, GenerationDefaults defaults) => new()
    {
        Name = task.Name,
        Seed = task.Seed,
        Base = model,
        Data = [new DataSourceRecipe { Name = Source, Type = DataSourceType.Folder, MaxUnreadable = 0 }],
        Runs =
        [
            new RunRecipe
            {
                Kind = RunKind.Lora,
                Lora = new LoraOptions { Rank = task.Training.Rank, Alpha = task.Training.Rank },
                Dtype = dataType,
                Storage = dataType,
                Stages =
                [
                    new StageRecipe
                    {
                        Name = "clips", Steps = task.Training.Steps, Batch = task.Training.BatchSize, Width = task.Shape.Width,
                        Height = task.Shape.Height,
                        NumFrames = task.Shape.NumFrames, FramesPerSecond = task.Shape.FramesPerSecond,
                        Mix = new Dictionary<string, double> { [Source] = 1 }, Captions = CaptionDetail.Detailed,
                    },
                ],

                // The average is over about the last tenth of the steps.
                Optimizer = new()
                {
                    LearningRate = task.Training.LearningRate,
                    WarmupSteps = Math.Min(MaxWarmUp, task.Training.Steps / 10),
                    EmaDecay = Math.Min(SlowestAverage, 1 - Math.Min(1, 10.0 / task.Training.Steps)),
                },
                Flow = new FlowOptions { Shift = defaults.Shift },
                CheckpointEvery = Math.Clamp(task.Training.Steps / 20, 10, 250),
                SampleEvery = 0,
            },
        ],
    };
}
