using System.ComponentModel.DataAnnotations;

namespace MedGen.Application.Validation;

/// <summary>Parameters that only the classifier can check further, or null.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ClassifierParametersAttribute() : ValidationAttribute("at most 32, with names of 1 to 64 and values of up to 256 characters")
{
    public override bool IsValid(object? value) => value is null
        || (
            value is IReadOnlyDictionary<string, string> { Count: <= 32 } parameters
                && parameters.All(p => p.Key.Length is >= 1 and <= 64 && p.Value.Length <= 256));
}
