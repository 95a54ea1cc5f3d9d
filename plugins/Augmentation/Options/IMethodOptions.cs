using MedGen.Sdk.Errors;

namespace MedGen.Plugins.Augmentation.Options;

/// <summary>Options; the range of each stands beside it.</summary>
internal interface IMethodOptions
{
    /// <summary>Adds what depends on several options.</summary>
    void Check(Violations violations)
    {
    }
}
