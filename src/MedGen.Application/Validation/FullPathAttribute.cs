using System.ComponentModel.DataAnnotations;

namespace MedGen.Application.Validation;

/// <summary>A full path on the host's machine, or null.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class FullPathAttribute() : ValidationAttribute("a full path of up to 4096 characters without control characters")
{
    public override bool IsValid(object? value) =>
        value is null || (value is string { Length: <= 4096 } path && Path.IsPathFullyQualified(path) && !path.Any(char.IsControl));
}
