using static TorchSharp.torch;

namespace MedGen.Model.Schedulers;

/// <summary>
/// What a scheduler knows beside its schedule; with it a new scheduler of the same kind, steps and shift goes on where another one stood.
/// </summary>
public sealed record SchedulerState
{
    /// <summary>Index of the last step; null: none was taken.</summary>
    public int? LastIndex { get; init; }

    /// <summary>Counters by name.</summary>
    public IReadOnlyDictionary<string, int> Counters { get; init; } = new Dictionary<string, int>();

    /// <summary>
    /// Earlier predictions and samples by name, float32, of the sample's shape. They belong to the scheduler that gave them and hold until its next
    /// step.
    /// </summary>
    public IReadOnlyDictionary<string, Tensor> Tensors { get; init; } = new Dictionary<string, Tensor>();
}
