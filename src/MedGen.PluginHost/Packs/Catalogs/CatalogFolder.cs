using System.Security.Cryptography;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Files;

namespace MedGen.PluginHost.Packs.Catalogs;

/// <summary>A folder with a catalogue and its packs, for those who keep it. Any web server can serve it.</summary>
public static class CatalogFolder
{
    /// <summary>Adds a pack, and signs the catalogue anew. The folder and the catalogue are made when they are missing.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="pack">A signed pack.</param>
    /// <param name="licence">Its licence.</param>
    /// <param name="intendedUse">What it is for.</param>
    /// <param name="key">The key of the catalogue; what it has not signed is not signed again.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The pack's entry.</returns>
    /// <exception cref="InvalidInputException">Pack or catalogue break the rules.</exception>
    /// <exception cref="FailedPreconditionException">
    /// The pack is not signed, the catalogue is another key's, or has the version with another content; or somebody else is adding to it.
    /// </exception>
    public static CatalogEntry Add(string folder, string pack, string licence, string intendedUse, ECDsa key, CancellationToken cancellationToken)
    {
        CatalogEntry entry = EntryOf(pack, licence, intendedUse, cancellationToken);
        Directory.CreateDirectory(folder);
        using FileStream held = Hold(folder);
        string file = Path.Combine(folder, PackCatalog.FileName);
        IReadOnlyList<CatalogEntry> others = File.Exists(file) ? Others(File.ReadAllBytes(file), entry, key) : [];
        List<CatalogEntry> packs = [.. others, entry];
        packs.Sort(PackCatalog.Compare);
        byte[] content = PackCatalog.Write(new PackCatalog { Kind = PackCatalog.KindName, Packs = packs }, key);
        _ = PackCatalog.Parse(content);

        // The pack first: a catalogue never lists what is not there.
        WholeFile.Write(Path.Combine(folder, entry.FileName), unfinished => Copy(pack, unfinished));
        WholeFile.Write(file, unfinished => File.WriteAllBytes(unfinished, content));
        return entry;
    }

    // Two who add at a time would each list the other's pack not at all. The file stays: whoever removed it could remove another's.
    private static FileStream Hold(string folder)
    {
        string path = Path.Combine(folder, ".lock");
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception)
        {
            throw new FailedPreconditionException("CATALOG_BUSY", $"Somebody else is adding to this catalogue; {path} is held.", exception);
        }
    }

    private static CatalogEntry EntryOf(string pack, string licence, string intendedUse, CancellationToken cancellationToken)
    {
        using PackReader reader = PackReader.Open(pack);
        reader.Verify(cancellationToken);
        PackIndex index = reader.Signed.Index;
        return reader.Signed.Signature is null
            ? throw new FailedPreconditionException("PACK_NOT_SIGNED", $"{index.Id} {index.Version} is not signed; its publisher signs it first.")
            : new CatalogEntry
            {
                Id = index.Id,
                Version = index.Version,
                Sdk = index.Sdk,
                Publisher = index.Publisher,
                Length = new FileInfo(pack).Length,
                Sha256 = PackedFolder.HashOf(pack),
                Licence = licence,
                IntendedUse = intendedUse,
            };
    }

    private static IReadOnlyList<CatalogEntry> Others(byte[] content, CatalogEntry entry, ECDsa key)
    {
        (PackCatalog catalog, string keyId) = PackCatalog.Parse(content);
        if (keyId != PublisherKey.IdOf(key.ExportSubjectPublicKeyInfo()))
        {
            throw new FailedPreconditionException("CATALOG_KEY", $"The catalogue is signed with another key, {keyId}.");
        }

        if (catalog.Packs.Any(other => PackCatalog.Compare(other, entry) == 0 && other.Sha256 != entry.Sha256))
        {
            throw new FailedPreconditionException(
                "PACK_VERSION_TAKEN", $"The catalogue has another pack of {entry.Id} {entry.Version}. A version never changes: raise it.");
        }

        return [.. catalog.Packs.Where(other => PackCatalog.Compare(other, entry) != 0)];
    }

    // The content alone: a pack that may only be read would give a file that cannot be flushed.
    private static void Copy(string pack, string unfinished)
    {
        using FileStream source = File.OpenRead(pack);
        using FileStream target = File.Create(unfinished);
        source.CopyTo(target);
    }
}
