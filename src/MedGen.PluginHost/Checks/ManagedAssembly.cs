using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace MedGen.PluginHost.Checks;

/// <summary>What an assembly file says of itself, read from its metadata without loading it.</summary>
internal sealed record ManagedAssembly
{
    /// <summary>File name without folder.</summary>
    public required string FileName { get; init; }

    /// <summary>Simple name, as references spell it.</summary>
    public required string Name { get; init; }

    /// <summary>Names and versions of the assemblies that it was built against.</summary>
    public required IReadOnlyList<AssemblyName> References { get; init; }

    /// <summary>Reads a file.</summary>
    /// <param name="path">Path of a <c>.dll</c>.</param>
    /// <returns>The assembly, or null when the file is no managed assembly (a native library, for instance).</returns>
    public static ManagedAssembly? Read(string path)
    {
        using FileStream file = File.OpenRead(path);
        try
        {
            using var image = new PEReader(file);
            if (!image.HasMetadata)
            {
                return null;
            }

            MetadataReader metadata = image.GetMetadataReader();
            if (!metadata.IsAssembly)
            {
                return null;
            }

            return new ManagedAssembly
            {
                FileName = Path.GetFileName(path),
                Name = metadata.GetString(metadata.GetAssemblyDefinition().Name),
                References = [.. metadata.AssemblyReferences.Select(handle => metadata.GetAssemblyReference(handle).GetAssemblyName())],
            };
        }
        catch (BadImageFormatException)
        {
            return null;
        }
    }
}
