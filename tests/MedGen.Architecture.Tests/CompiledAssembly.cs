using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace MedGen.Architecture.Tests;

/// <summary>A built assembly and what it refers to. A compiler writes a reference only where a type is really used.</summary>
internal sealed record CompiledAssembly(string Name, IReadOnlySet<string> References)
{
    public static CompiledAssembly Read(string path)
    {
        using PEReader pe = new(File.OpenRead(path));
        MetadataReader metadata = pe.GetMetadataReader();
        HashSet<string> references = metadata.AssemblyReferences
            .Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))
            .ToHashSet(StringComparer.Ordinal);
        return new CompiledAssembly(metadata.GetString(metadata.GetAssemblyDefinition().Name), references);
    }
}
