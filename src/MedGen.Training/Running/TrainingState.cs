using MedGen.Training.Recipes;
using static TorchSharp.torch;

namespace MedGen.Training.Running;

/// <summary>What all parts of a run need to know.</summary>
/// <param name="Recipe">The recipe.</param>
/// <param name="Run">The run.</param>
/// <param name="Device">Where to train.</param>
/// <param name="Files">Where its files lie.</param>
/// <param name="Progress">Who is told; null: nobody.</param>
internal sealed record TrainingState(TrainingRecipe Recipe, RunRecipe Run, Device Device, RunFiles Files, IProgress<TrainingProgress>? Progress)
{
    private readonly Lock _lock = new();

    /// <summary>Name of the run.</summary>
    public string Name => Files.Name;

    /// <summary>Tells how far something is that is not logged.</summary>
    public void Tell(string kind, string? stage, int done, int total, string message)
    {
        lock (_lock)
        {
            Progress?.Report(new TrainingProgress { Run = Name, Event = kind, Stage = stage, Done = done, Total = total, Message = message });
        }
    }
}
