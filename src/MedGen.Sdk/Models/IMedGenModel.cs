using MedGen.Sdk.Frames;
using MedGen.Sdk.Generation;

namespace MedGen.Sdk.Models;

/// <summary>The one MedGen model of this process, resident on the device and shared by every plugin.</summary>
public interface IMedGenModel
{
    /// <summary>What is loaded.</summary>
    ModelDescription Description { get; }

    /// <summary>
    /// Generates a clip from text, and from a source clip or a first frame beside it. Cancelling stops the work at the next denoising step.
    /// </summary>
    /// <param name="request">What to make.</param>
    /// <param name="cancellationToken">Ends this generation and no other.</param>
    /// <returns>Progress, previews and at last all frames in order.</returns>
    /// <exception cref="Errors.InvalidInputException">A field is out of range for this model; every such field is named.</exception>
    /// <exception cref="Errors.FailedPreconditionException">No model is loaded.</exception>
    /// <exception cref="Errors.ResourceExhaustedException">The device's queue is full.</exception>
    IAsyncEnumerable<GenerationUpdate> GenerateAsync(VideoGenerationRequest request, CancellationToken cancellationToken);

    /// <summary>
    /// Checks what this model takes, before anything is made: sizes, options, and whether the adapters fit each other and the model. Pictures and
    /// clips are not looked at.
    /// </summary>
    /// <param name="request">What is asked, with or without its source and first frame.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Completes when the request can be served.</returns>
    /// <exception cref="Errors.InvalidInputException">A field is out of range for this model; every such field is named.</exception>
    /// <exception cref="Errors.FailedPreconditionException">No model is loaded.</exception>
    Task ValidateAsync(VideoGenerationRequest request, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Makes sure that an adapter is there and fits; it is loaded if it was not.</summary>
    /// <param name="name">Name of the adapter.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What it is.</returns>
    /// <exception cref="Errors.ResourceNotFoundException">There is no such adapter.</exception>
    /// <exception cref="Errors.InvalidInputException">It was made for another model, or states what is not supported; each kind is named.</exception>
    /// <exception cref="Errors.ResourceExhaustedException">It is too large for the memory that adapters may take.</exception>
    Task<AdapterDescription> DescribeAdapterAsync(string name, CancellationToken cancellationToken) =>
        throw new Errors.ResourceNotFoundException("adapter", name);

    /// <summary>
    /// Computes what a layer makes of a clip, for classifiers and metrics. It goes before generations: at most the step that runs is waited for.
    /// </summary>
    /// <param name="frames">A clip of a size that the model can make; all frames have one size. They stay the caller's.</param>
    /// <param name="layer"><c>autoencoder</c>, or <c>block.N</c> for the N-th block of the transformer from 0.</param>
    /// <param name="timestep">Noise level that the transformer is told, 0 (a clean clip) to 1000; without effect on <c>autoencoder</c>. No noise is
    /// added.</param>
    /// <param name="cancellationToken">Gives up while it waits.</param>
    /// <returns>The features.</returns>
    /// <exception cref="Errors.InvalidInputException">A size that the model cannot take, an unknown layer, or a timestep out of range.</exception>
    /// <exception cref="Errors.FailedPreconditionException">No model is loaded.</exception>
    /// <exception cref="Errors.ResourceExhaustedException">The device's queue is full.</exception>
    Task<ModelFeatures> ExtractFeaturesAsync(IReadOnlyList<VideoFrame> frames, string layer, double timestep, CancellationToken cancellationToken) =>
        throw new Errors.FailedPreconditionException("FEATURES_NOT_AVAILABLE", "This model gives no features.");
}
