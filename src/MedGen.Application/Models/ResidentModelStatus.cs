using MedGen.Sdk.Models;

namespace MedGen.Application.Models;

/// <summary>The resident model as one caller may use it.</summary>
/// <param name="Model">What it is.</param>
/// <param name="Adapters">Names of the adapters that the caller may ask for, in order.</param>
public sealed record ResidentModelStatus(ModelDescription Model, IReadOnlyList<string> Adapters);
