using MedGen.Datasets.Augmentation;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Errors;

namespace MedGen.Datasets.Adapters;

/// <summary>Trains adapters (LoRA) of the resident model. A host may have one or none: a training takes the device for itself.</summary>
public interface IAdapterTrainer
{
    /// <summary>
    /// Hash of the weights that adapters are trained over; see <see cref="Sdk.Models.ModelDescription.Hash"/>. Reads parts of the model's files.
    /// </summary>
    /// <returns>64 lower-case hex digits.</returns>
    /// <exception cref="ModelFormatException">The model folder is broken or incomplete.</exception>
    string ComputeModelHash();

    /// <summary>Finds what of a shape the model cannot be trained at. Reads headers of the model's files.</summary>
    /// <param name="shape">Shape of all clips.</param>
    /// <returns>What was got and what is allowed for each bad field: <c>width</c>, <c>height</c>, <c>frames</c>; empty when the shape is
    /// good.</returns>
    /// <exception cref="ModelFormatException">The model folder is broken or incomplete.</exception>
    IReadOnlyList<FieldViolation> Violations(ClipShape shape);

    /// <summary>Trains an adapter, or goes on with what an interrupted training left in the work folder. The same task gives the same file.</summary>
    /// <param name="task">What to train.</param>
    /// <param name="progress">Told of every step.</param>
    /// <param name="cancellationToken">Stops after a step; what is done stays in the work folder.</param>
    /// <returns>How it went; the adapter is whole at its place then.</returns>
    /// <exception cref="InvalidInputException">Clips or model cannot be trained on.</exception>
    /// <exception cref="FailedPreconditionException">There is no such device.</exception>
    /// <exception cref="MedGenException">The loss is no finite number any more (<c>TRAINING_DIVERGED</c>).</exception>
    /// <exception cref="ResourceExhaustedException">The disk is full; what is done stays.</exception>
    Task<AdapterTrainingResult> TrainAsync(AdapterTrainingTask task, IProgress<AdapterTrainingStatus> progress, CancellationToken cancellationToken);
}
