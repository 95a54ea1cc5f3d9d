using MedGen.Sdk.Errors;

namespace MedGen.PluginHost.Packs;

/// <summary>Compares what is there with what an index lists.</summary>
internal static class PackDifferences
{
    /// <summary>Compares the names of files.</summary>
    /// <exception cref="InvalidInputException">Files were added, or are missing; the violations name them.</exception>
    public static void Check(PackIndex index, IEnumerable<string> found)
    {
        HashSet<string> listed = new(index.Files.Select(file => file.Path), StringComparer.Ordinal);
        HashSet<string> there = new(found, StringComparer.Ordinal);
        Violations wrong = new();
        wrong.AddRange(there.Except(listed).Take(PackIndex.MaxNamed).Select(name =>
            new FieldViolation(PackPath.Shown(name), $"was added: {PackIndex.FileName} does not list it.")));
        wrong.AddRange(listed.Except(there).Take(PackIndex.MaxNamed).Select(name =>
            new FieldViolation(name, $"is missing: {PackIndex.FileName} lists it.")));
        wrong.ThrowIfAny();
    }

    /// <summary>Compares the content of a file.</summary>
    /// <exception cref="InvalidInputException">It was changed.</exception>
    public static void CheckHash(PackEntry file, string sha256)
    {
        if (sha256 != file.Sha256)
        {
            throw new InvalidInputException(file.Path, $"was changed: it has SHA-256 {sha256}, {PackIndex.FileName} says {file.Sha256}.");
        }
    }
}
