using System.ComponentModel.DataAnnotations;

namespace MedGen.Application.Validation;

/// <summary>
/// An id of anything, or null: 1 to 200 letters, digits, dots, hyphens and underscores. Whether it exists is found out later. Ids go into the audit
/// log, so a caller must not be able to write anything else there.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class IdentifierAttribute() : ValidationAttribute("1 to 200 letters, digits, dots, hyphens and underscores")
{
    public override bool IsValid(object? value) =>
        value is null || (value is string { Length: >= 1 and <= 200 } id && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_'));
}
