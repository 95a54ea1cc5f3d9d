namespace MedGen.Sdk.Errors;

/// <summary>One thing wrong with one field of a request.</summary>
/// <param name="Field">Path of the field as the caller spells it (snake_case, dots between levels), for instance <c>num_frames</c>.</param>
/// <param name="Description">What was got and what is allowed.</param>
public sealed record FieldViolation(string Field, string Description);
