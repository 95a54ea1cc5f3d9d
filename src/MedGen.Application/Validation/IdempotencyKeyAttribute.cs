using System.ComponentModel.DataAnnotations;

namespace MedGen.Application.Validation;

/// <summary>A key that its caller has chosen, or null.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class IdempotencyKeyAttribute() : ValidationAttribute("1 to 128 printable ASCII characters")
{
    public override bool IsValid(object? value) =>
        value is null || (value is string { Length: >= 1 and <= 128 } key && key.All(c => c is >= ' ' and <= '~'));
}
