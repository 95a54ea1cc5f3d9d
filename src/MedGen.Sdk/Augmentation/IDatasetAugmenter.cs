using MedGen.Sdk.Errors;

namespace MedGen.Sdk.Augmentation;

/// <summary>
/// A plugin's capability to make new clips for a labelled data set, one at a time. The host reads and divides the data, decides which clips are to be
/// made, judges and writes them; the augmenter is shown clips of the training split only and never learns of any other.
/// </summary>
public interface IDatasetAugmenter
{
    /// <summary>The methods that it offers.</summary>
    IReadOnlyList<AugmentationMethodDescription> Methods { get; }

    /// <summary>Checks a method's options before a job is made of them.</summary>
    /// <param name="method">Name and options, as the caller wrote them.</param>
    /// <exception cref="InvalidInputException">The method or an option is unknown or out of range; fields are named as in the options, for instance
    /// <c>rotation</c>.</exception>
    void Check(AugmentationMethod method);

    /// <summary>
    /// Says which adapter of the resident model a method works with. The host sees to it that the adapter is there, trains it if need be, and names
    /// it in each request.
    /// </summary>
    /// <param name="method">A method that <see cref="Check"/> lets pass.</param>
    /// <returns>The adapter; null: none.</returns>
    AdapterNeed? AdapterOf(AugmentationMethod method) => null;

    /// <summary>
    /// Words that a training clip is shown under while a <see cref="TrainedAdapter"/> is trained: those that the method will ask for it by.
    /// </summary>
    /// <param name="method">The method that needs the adapter.</param>
    /// <param name="label">Class that the clip stands for.</param>
    /// <param name="clip">The clip.</param>
    /// <returns>One caption or more.</returns>
    /// <exception cref="InvalidInputException">No caption can be written for the clip.</exception>
    IReadOnlyList<string> CaptionsOf(AugmentationMethod method, string label, SourceClip clip) => [label];

    /// <summary>Makes one clip. The same request gives the same frames, whatever was made before it.</summary>
    /// <param name="request">What to make.</param>
    /// <param name="cancellationToken">Ends this clip and no other.</param>
    /// <returns>Progress, one <see cref="AugmentedClipDescription"/>, and all frames in order.</returns>
    /// <exception cref="InvalidInputException">The method cannot serve the request.</exception>
    /// <exception cref="FailedPreconditionException">The method needs a model, and none is loaded.</exception>
    /// <exception cref="ResourceExhaustedException">The device's queue is full.</exception>
    IAsyncEnumerable<AugmentationUpdate> AugmentAsync(AugmentationRequest request, CancellationToken cancellationToken);
}
