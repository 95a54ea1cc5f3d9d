using System.ComponentModel.DataAnnotations;

namespace MedGen.Application.Validation;

/// <summary>A name that people have given, such as a caller's or a model's, or null.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class PlainNameAttribute() : ValidationAttribute("1 to 200 characters without control characters")
{
    public override bool IsValid(object? value) => value is null || (value is string { Length: >= 1 and <= 200 } name && !name.Any(char.IsControl));
}
