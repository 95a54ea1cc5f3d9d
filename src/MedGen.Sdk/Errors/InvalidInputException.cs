namespace MedGen.Sdk.Errors;

/// <summary>The request itself is wrong; sending it again unchanged fails again.</summary>
public sealed class InvalidInputException : MedGenException
{
    /// <summary>Creates the error from all violations found.</summary>
    /// <param name="violations">At least one.</param>
    public InvalidInputException(IReadOnlyList<FieldViolation> violations)
        : base(ErrorCode.InvalidArgument, "INVALID_INPUT", Describe(violations))
    {
        Violations = violations;
    }

    /// <summary>Creates the error from one violation.</summary>
    /// <param name="field">Path of the field as the caller spells it.</param>
    /// <param name="description">What was got and what is allowed.</param>
    public InvalidInputException(string field, string description)
        : this([new FieldViolation(field, description)])
    {
    }

    /// <summary>What is wrong, field by field.</summary>
    public IReadOnlyList<FieldViolation> Violations { get; }

    private static string Describe(IReadOnlyList<FieldViolation> violations)
    {
        ArgumentNullException.ThrowIfNull(violations);
        ArgumentOutOfRangeException.ThrowIfZero(violations.Count);
        return string.Join(" ", violations.Select(v => $"{v.Field}: {v.Description}"));
    }
}
