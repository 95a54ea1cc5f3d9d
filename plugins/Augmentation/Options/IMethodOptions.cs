using MedGen.Abstractions.Errors;

namespace MedGen.Plugins.Augmentation.Options;

/// <summary>Options that know their ranges.</summary>
internal interface IMethodOptions
{
    /// <summary>What is out of range.</summary>
    IEnumerable<FieldViolation> Violations();
}
