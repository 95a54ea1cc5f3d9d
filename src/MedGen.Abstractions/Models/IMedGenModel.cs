using MedGen.Abstractions.Generation;

namespace MedGen.Abstractions.Models;

/// <summary>The one MedGen model of this process, resident on the device and shared by every plugin.</summary>
public interface IMedGenModel
{
    /// <summary>What is loaded.</summary>
    ModelDescription Description { get; }

    /// <summary>Generates a clip from text, or from text and a source clip. Cancelling stops the work at the next denoising step.</summary>
    /// <param name="request">What to make.</param>
    /// <param name="cancellationToken">Ends this generation and no other.</param>
    /// <returns>Progress, previews and at last all frames in order.</returns>
    /// <exception cref="Errors.InvalidInputException">A field is out of range for this model; every such field is named.</exception>
    /// <exception cref="Errors.FailedPreconditionException">No model is loaded.</exception>
    /// <exception cref="Errors.ResourceExhaustedException">The device's queue is full.</exception>
    IAsyncEnumerable<GenerationUpdate> GenerateAsync(VideoGenerationRequest request, CancellationToken cancellationToken);
}
