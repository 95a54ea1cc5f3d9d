namespace MedGen.Dicom.Writing;

/// <summary>An answer about a whole clip.</summary>
/// <param name="Output">What was asked, at most 64 characters.</param>
/// <param name="Name">The answer in words, at most 64 characters.</param>
/// <param name="Code">Its code, at most 16 characters.</param>
/// <param name="Scheme">Its coding scheme; null: our own, 99MEDGEN.</param>
/// <param name="Probability">In [0, 1]; null: none was given.</param>
public sealed record NamedLabel(string Output, string Name, string Code, string? Scheme, double? Probability);
