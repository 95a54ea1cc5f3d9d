namespace MedGen.Dicom.Writing;

/// <summary>A part of a clip with a name, such as a phase of an operation.</summary>
/// <param name="Name">The name, at most 64 characters.</param>
/// <param name="Start">Where it begins.</param>
/// <param name="End">Where it ends.</param>
public sealed record NamedSpan(string Name, TimeSpan Start, TimeSpan End);
