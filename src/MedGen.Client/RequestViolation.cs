namespace MedGen.Client;

/// <summary>One thing wrong with one field of a request.</summary>
/// <param name="Field">Path of the field in the proto message.</param>
/// <param name="Description">What was got and what is allowed.</param>
public sealed record RequestViolation(string Field, string Description);
