using MedGen.Sdk.Errors;

namespace MedGen.Plugins.Augmentation.Options;

/// <summary>Options that know their ranges.</summary>
internal interface IMethodOptions
{
    /// <summary>Adds what is out of range.</summary>
    void Check(Violations violations);
}
