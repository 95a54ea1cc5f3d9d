using MedGen.Sdk.Errors;

namespace MedGen.Application.Validation;

/// <summary>A message with rules that no attribute beside a field can say, such as those between fields.</summary>
internal interface ICheckedMessage
{
    /// <summary>Adds everything that is wrong.</summary>
    /// <param name="violations">Takes it.</param>
    void Check(Violations violations);
}
