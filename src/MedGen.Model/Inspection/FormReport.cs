namespace MedGen.Model.Inspection;

/// <summary>The weights of a file that are stored in one form.</summary>
/// <param name="Form">The form, for instance <c>BF16</c>, <c>F8_E4M3 scaled</c> or <c>Q4_K</c>.</param>
/// <param name="Weights">How many weights.</param>
/// <param name="Parameters">Number of values in them.</param>
/// <param name="Bytes">Bytes that they take.</param>
public sealed record FormReport(string Form, int Weights, long Parameters, long Bytes);
