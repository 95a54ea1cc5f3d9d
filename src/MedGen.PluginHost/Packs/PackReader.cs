using System.Security.Cryptography;
using MedGen.PluginHost.Manifests;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Plugins;

namespace MedGen.PluginHost.Packs;

/// <summary>A pack as a file, opened to look at it, to check it or to take the plugin out of it.</summary>
public sealed class PackReader : IDisposable
{
    private readonly PackArchive _archive;

    private PackReader(PackArchive archive, SignedIndex signed) => (_archive, Signed) = (archive, signed);

    /// <summary>The index and its signature.</summary>
    public SignedIndex Signed { get; }

    /// <summary>
    /// Opens a pack. By then the archive holds exactly the files of the index, the index keeps its rules and its signature, if there is one, is
    /// valid; the content of the files is not looked at yet.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidInputException">It is no such pack; the violations name the files.</exception>
    public static PackReader Open(string path)
    {
        PackArchive archive = PackArchive.Open(path);
        try
        {
            byte[] index = archive.Read(PackIndex.FileName, PackIndex.MaxBytes) ?? throw new InvalidInputException(PackIndex.FileName, "is missing.");
            SignedIndex signed = SignedIndex.Parse(index, archive.Read(PackSignature.FileName, PackSignature.MaxBytes));
            PackDifferences.Check(signed.Index, archive.Names.Where(name => !PackPath.IsOwn(name)));
            return new PackReader(archive, signed);
        }
        catch
        {
            archive.Dispose();
            throw;
        }
    }

    /// <summary>Reads everything and compares it with the index.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="InvalidInputException">Something is not as the index says; the violations name the files.</exception>
    public void Verify(CancellationToken cancellationToken)
    {
        foreach (PackEntry file in Signed.Index.Files)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Copy(file, Stream.Null);
        }

        _ = ReadManifest();
    }

    /// <summary>Decompresses a file and compares it with the index.</summary>
    /// <exception cref="InvalidInputException">It is not as the index says; a part of it is in the target then.</exception>
    internal void Copy(PackEntry file, Stream target)
    {
        using SHA256 hash = SHA256.Create();
        using (CryptoStream hashed = new(target, hash, CryptoStreamMode.Write, leaveOpen: true))
        {
            _archive.Copy(file.Path, file.Length, hashed);
        }

        PackDifferences.CheckHash(file, Convert.ToHexStringLower(hash.Hash!));
    }

    /// <summary>Reads the plugin's manifest.</summary>
    /// <exception cref="InvalidInputException">It is none, or says something else than the index.</exception>
    internal PluginManifest ReadManifest()
    {
        PackEntry file = Signed.Index.Files.Single(file => file.Path == ManifestReader.FileName);
        if (file.Length > ManifestReader.MaxBytes)
        {
            throw new InvalidInputException(file.Path, $"has {file.Length} bytes; allowed: {ManifestReader.MaxBytes}.");
        }

        using MemoryStream content = new();
        Copy(file, content);
        PluginManifest? manifest = ManifestReader.Read(content.ToArray(), out IReadOnlyList<string> problems);
        Violations found = new();
        found.AddRange(problems.Select(problem => new FieldViolation(file.Path, problem)));
        found.AddRange(manifest is null ? [] : Signed.Index.Differences(manifest));
        found.ThrowIfAny();
        return manifest!;
    }

    /// <inheritdoc />
    public void Dispose() => _archive.Dispose();
}
