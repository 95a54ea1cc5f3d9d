using MedGen.Training.Optimization;
using static TorchSharp.torch;

namespace MedGen.Training.Running;

/// <summary>What a run trains. The loop knows nothing of models: it asks for batches and losses.</summary>
/// <typeparam name="TBatch">What a forward pass needs, made without torch.</typeparam>
internal interface ITrainee<TBatch> : IDisposable
{
    /// <summary>What is trained.</summary>
    ParameterVector Parameters { get; }

    /// <summary>Makes a batch; called from several threads, and the same place always gives the same batch.</summary>
    TBatch MakeBatch(TrainingPlace place);

    /// <summary>Computes the mean loss of a batch over the given weights.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="place">Where in the run it stands.</param>
    /// <param name="weights">Weights by name, within the graph.</param>
    /// <param name="metrics">Gets further numbers for the log, scalars without gradients.</param>
    /// <returns>A float32 scalar in the current dispose scope.</returns>
    Tensor Loss(TBatch batch, TrainingPlace place, IReadOnlyDictionary<string, Tensor> weights, IDictionary<string, Tensor> metrics);

    /// <summary>Writes the averaged weights as they are used later.</summary>
    /// <param name="isFinal">Whether the run ends here; measures that need all data are taken only then.</param>
    void Export(bool isFinal);

    /// <summary>Draws a picture of what the averaged, exported weights do.</summary>
    /// <param name="path">PNG file to write.</param>
    void DrawSamples(string path);

    /// <summary>Batches of held-out clips; empty: none.</summary>
    IEnumerable<(TBatch Batch, TrainingPlace Place)> ValidationBatches();
}
