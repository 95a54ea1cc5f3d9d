namespace MedGen.Sdk.Generation;

/// <summary>A plugin's capability to make clips.</summary>
public interface IVideoGenerator
{
    /// <summary>What it is. Answers at once, and the same each time.</summary>
    /// <returns>The description; the host checks it when the plugin is loaded (<see cref="GeneratorDescription.Check"/>).</returns>
    GeneratorDescription Describe();

    /// <summary>
    /// Checks, before a job is made, what the ranges of <see cref="VideoGenerationRequest"/> cannot say: a size, a licence, a file.
    /// </summary>
    /// <param name="request">What is asked, without the frames of a source and without the picture that the clip begins with.</param>
    /// <param name="cancellationToken">Ends the check.</param>
    /// <returns>Completes when the request can be served.</returns>
    /// <exception cref="Errors.InvalidInputException">It cannot; fields are named as in the request.</exception>
    Task ValidateAsync(VideoGenerationRequest request, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Generates a clip. Cancelling stops the work at the next denoising step.</summary>
    /// <param name="request">What to make.</param>
    /// <param name="cancellationToken">Ends this generation and no other.</param>
    /// <returns>Progress, previews and at last all frames in order.</returns>
    /// <exception cref="Errors.InvalidInputException">The model cannot serve the request, for instance its size.</exception>
    /// <exception cref="Errors.FailedPreconditionException">No model is loaded.</exception>
    /// <exception cref="Errors.ResourceExhaustedException">The device's queue is full.</exception>
    IAsyncEnumerable<GenerationUpdate> GenerateAsync(VideoGenerationRequest request, CancellationToken cancellationToken);
}
