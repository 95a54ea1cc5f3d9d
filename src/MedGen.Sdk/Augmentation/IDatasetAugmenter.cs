using MedGen.Sdk.Errors;

namespace MedGen.Sdk.Augmentation;

/// <summary>
/// A plugin's capability to make new clips for a labelled data set, one at a time. The host reads and divides the data, decides which clips are to be
/// made, judges and writes them; the augmenter is shown clips of the training split only and never learns of any other. A question that is not
/// answered in the host's time is cancelled, and every call that is has 10 s to end.
/// </summary>
public interface IDatasetAugmenter
{
    /// <summary>What it is and which methods it offers. Answers at once, and the same each time.</summary>
    /// <returns>The description; the host checks it when the plugin is loaded (<see cref="AugmenterDescription.Check"/>).</returns>
    AugmenterDescription Describe();

    /// <summary>Checks a method's options before a job is made of them. What the method's schema says, the host has checked.</summary>
    /// <param name="method">A method that <see cref="Describe"/> names, and its options, as the caller wrote them.</param>
    /// <param name="cancellationToken">Ends the check.</param>
    /// <returns>Completes when the method can be used.</returns>
    /// <exception cref="InvalidInputException">The method or an option is unknown or out of range; fields are named as in the options, for instance
    /// <c>rotation</c>.</exception>
    Task ValidateAsync(AugmentationMethod method, CancellationToken cancellationToken);

    /// <summary>
    /// Says which adapter of the resident model a method works with. The host sees to it that the adapter is there, trains it if need be, and names
    /// it in each request.
    /// </summary>
    /// <param name="method">A method that <see cref="ValidateAsync"/> lets pass.</param>
    /// <param name="cancellationToken">Ends the question.</param>
    /// <returns>The adapter; null: none.</returns>
    Task<AdapterNeed?> GetAdapterAsync(AugmentationMethod method, CancellationToken cancellationToken) => Task.FromResult<AdapterNeed?>(null);

    /// <summary>
    /// Words that a training clip is shown under while a <see cref="TrainedAdapter"/> is trained: those that the method will ask for it by.
    /// </summary>
    /// <param name="request">The method, the class and the clip.</param>
    /// <param name="cancellationToken">Ends the question.</param>
    /// <returns>One caption or more. Default: the class.</returns>
    /// <exception cref="InvalidInputException">No caption can be written for the clip.</exception>
    Task<IReadOnlyList<string>> GetCaptionsAsync(CaptionRequest request, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<string>>([request.Label]);

    /// <summary>Makes one clip. The same request gives the same frames, whatever was made before it.</summary>
    /// <param name="request">What to make.</param>
    /// <param name="cancellationToken">Ends this clip and no other.</param>
    /// <returns>Progress, one <see cref="AugmentedClipDescription"/>, and all frames in order.</returns>
    /// <exception cref="InvalidInputException">The method cannot serve the request.</exception>
    /// <exception cref="FailedPreconditionException">The method needs a model, and none is loaded.</exception>
    /// <exception cref="ResourceExhaustedException">The device's queue is full.</exception>
    IAsyncEnumerable<AugmentationUpdate> AugmentAsync(AugmentationRequest request, CancellationToken cancellationToken);
}
