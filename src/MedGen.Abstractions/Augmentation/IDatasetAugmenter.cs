using MedGen.Abstractions.Errors;

namespace MedGen.Abstractions.Augmentation;

/// <summary>
/// A plugin's capability to make new clips for a labelled data set, one at a time. The host reads and divides the data, decides which clips are to be made, judges and
/// writes them; the augmenter is shown clips of the training split only and never learns of any other.
/// </summary>
public interface IDatasetAugmenter
{
    /// <summary>The methods that it offers.</summary>
    IReadOnlyList<AugmentationMethodDescription> Methods { get; }

    /// <summary>Checks a method's options before a job is made of them.</summary>
    /// <param name="method">Name and options, as the caller wrote them.</param>
    /// <exception cref="InvalidInputException">The method or an option is unknown or out of range; fields are named as in the options, for instance <c>rotation</c>.</exception>
    void Check(AugmentationMethod method);

    /// <summary>Makes one clip. The same request gives the same frames, whatever was made before it.</summary>
    /// <param name="request">What to make.</param>
    /// <param name="cancellationToken">Ends this clip and no other.</param>
    /// <returns>Progress, one <see cref="AugmentedClipDescription"/>, and all frames in order.</returns>
    /// <exception cref="InvalidInputException">The method cannot serve the request.</exception>
    /// <exception cref="FailedPreconditionException">The method needs a model, and none is loaded.</exception>
    /// <exception cref="ResourceExhaustedException">The device's queue is full.</exception>
    IAsyncEnumerable<AugmentationUpdate> AugmentAsync(AugmentationRequest request, CancellationToken cancellationToken);
}
