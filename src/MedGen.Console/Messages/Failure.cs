using MedGen.Sdk.Errors;

namespace MedGen.WebConsole.Messages;

/// <summary>What went wrong, in words for the person before the page.</summary>
/// <param name="Message">One sentence or more.</param>
public sealed record Failure(string Message)
{
    /// <summary>What is wrong with what was asked, field by field.</summary>
    public IReadOnlyList<FieldViolation> Violations { get; init; } = [];

    /// <summary>Whether the caller must sign in again.</summary>
    public bool NeedsSignIn { get; init; }

    /// <summary>Whether the same may go well a moment later.</summary>
    public bool MayPass { get; init; }

    /// <summary>What is wrong with a field; null: nothing.</summary>
    /// <param name="field">Path of the field, as messages spell it.</param>
    public string? Of(string field) => Violations.FirstOrDefault(violation => violation.Field == field)?.Description;
}
