namespace MedGen.Sdk.Generation;

/// <summary>A plugin's capability to make clips.</summary>
public interface IVideoGenerator
{
    /// <summary>Generates a clip. Cancelling stops the work at the next denoising step.</summary>
    /// <param name="request">What to make.</param>
    /// <param name="cancellationToken">Ends this generation and no other.</param>
    /// <returns>Progress, previews and at last all frames in order.</returns>
    /// <exception cref="Errors.InvalidInputException">The model cannot serve the request, for instance its size.</exception>
    /// <exception cref="Errors.FailedPreconditionException">No model is loaded.</exception>
    /// <exception cref="Errors.ResourceExhaustedException">The device's queue is full.</exception>
    IAsyncEnumerable<GenerationUpdate> GenerateAsync(VideoGenerationRequest request, CancellationToken cancellationToken);
}
