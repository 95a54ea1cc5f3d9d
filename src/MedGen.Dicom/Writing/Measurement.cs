namespace MedGen.Dicom.Writing;

/// <summary>A number with its unit.</summary>
/// <param name="Code">Code of what was measured, for instance 10230-1.</param>
/// <param name="Scheme">Its coding scheme, for instance LN.</param>
/// <param name="Meaning">In words, for instance Left ventricular ejection fraction.</param>
/// <param name="Value">The number.</param>
/// <param name="Unit">Unit in UCUM, for instance %.</param>
public sealed record Measurement(string Code, string Scheme, string Meaning, double Value, string Unit);
