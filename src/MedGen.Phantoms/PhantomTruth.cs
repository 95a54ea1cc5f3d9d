namespace MedGen.Phantoms;

/// <summary>The ground truth of a simulated clip.</summary>
public sealed record PhantomTruth
{
    /// <summary>DICOM defined term of the modality.</summary>
    public required string Modality { get; init; }

    /// <summary>Body part or organ shown, in plain words, for instance <c>left ventricle</c>.</summary>
    public required string Anatomy { get; init; }

    /// <summary>Label of the clip's class within its kind, for instance <c>b-lines</c>.</summary>
    public required string Label { get; init; }

    /// <summary>Everything else by name, with numbers in invariant notation: every parameter with the value used, and what follows from it.</summary>
    public required IReadOnlyDictionary<string, string> Values { get; init; }
}
