namespace MedGen.Phantoms;

/// <summary>
/// A simulator of one kind of medical clip. It has no state: the same request gives the same bytes, in any order and beside anything else.
/// (Another processor or operating system may round a pixel the other way.)
/// </summary>
public interface IPhantom
{
    /// <summary>Name of the kind, for instance <c>us-cardiac</c>: lower case, words joined by hyphens, unique.</summary>
    string Kind { get; }

    /// <summary>DICOM defined term of the modality (0008,0060), for instance <c>US</c>.</summary>
    string Modality { get; }

    /// <summary>What the clip shows, in one sentence.</summary>
    string Description { get; }

    /// <summary>Every label that <see cref="PhantomTruth.Label"/> of a clip of this kind may have.</summary>
    IReadOnlyList<string> Labels { get; }

    /// <summary>What a caller may fix. Everything else is drawn from the seed.</summary>
    IReadOnlyList<PhantomParameter> Parameters { get; }

    /// <summary>Draws the parameters that the request leaves open and prepares the clip; frames are computed while they are read.</summary>
    /// <param name="request">Seed, size, length and fixed parameters.</param>
    /// <returns>The clip with its ground truth and captions.</returns>
    /// <exception cref="Sdk.Errors.InvalidInputException">A size, a length or a parameter is out of range or unknown.</exception>
    PhantomClip Simulate(PhantomRequest request);
}
