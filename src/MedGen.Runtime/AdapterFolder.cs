namespace MedGen.Runtime;

/// <summary>A folder of adapters.</summary>
/// <param name="Path">Where it lies.</param>
/// <param name="Tenant">Whose adapters these are; null: everybody's.</param>
public sealed record AdapterFolder(string Path, string? Tenant = null);
