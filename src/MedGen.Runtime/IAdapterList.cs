namespace MedGen.Runtime;

/// <summary>The adapters in <see cref="MedGenRuntimeOptions.AdapterFolders"/>.</summary>
public interface IAdapterList
{
    /// <summary>Their names at this moment, each once, in order.</summary>
    /// <param name="tenant">Whose adapters count beside everybody's; null: nobody's.</param>
    IReadOnlyList<string> List(string? tenant);
}
