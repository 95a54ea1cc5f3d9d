using System.IO.Compression;
using System.Security.Cryptography;
using MedGen.PluginHost.Manifests;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Files;
using MedGen.Sdk.Plugins;

namespace MedGen.PluginHost.Packs;

/// <summary>Makes packs and signs them. The same folder gives the same bytes.</summary>
public static class PackWriter
{
    // The earliest that a zip can say.
    private static readonly DateTimeOffset Epoch = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Packs a version folder.</summary>
    /// <param name="folder">The folder; it has passed the checks of the host.</param>
    /// <param name="pack">The file to make; one that is there is replaced.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The index.</returns>
    /// <exception cref="InvalidInputException">Something in the folder cannot be packed.</exception>
    public static SignedIndex Pack(string folder, string pack, CancellationToken cancellationToken)
    {
        PluginManifest manifest = ManifestReader.Read(Path.Combine(folder, ManifestReader.FileName), out IReadOnlyList<string> problems)
            ?? throw new InvalidInputException(ManifestReader.FileName, string.Join(" ", problems));
        PackIndex index = new()
        {
            Kind = PackIndex.KindName,
            Id = manifest.Id,
            Version = manifest.Version,
            Sdk = manifest.Sdk,
            Publisher = manifest.Publisher,
            Files = [.. PackedFolder.FilesOf(folder).Order(StringComparer.Ordinal).Select(path => EntryOf(folder, path))],
        };
        SignedIndex signed = SignedIndex.Parse(CanonicalJson.Write(index), null);
        Write(pack, signed.Bytes, null, index, (file, target) =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            using FileStream content = File.OpenRead(Path.Combine(folder, file.Path));
            content.CopyTo(target);
        });
        return signed;
    }

    /// <summary>Signs a pack; a signature that it has is replaced.</summary>
    /// <param name="pack">The file.</param>
    /// <param name="key">The publisher's private key.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The index and its signature.</returns>
    /// <exception cref="InvalidInputException">It is no pack, or not all is as its index says.</exception>
    public static SignedIndex Sign(string pack, ECDsa key, CancellationToken cancellationToken)
    {
        using PackReader unsigned = PackReader.Open(pack);
        unsigned.Verify(cancellationToken);
        byte[] index = unsigned.Signed.Bytes;
        byte[] signature = CanonicalJson.Write(PackSignature.Of(index, key));
        Write(pack, index, signature, unsigned.Signed.Index, unsigned.Copy);
        return SignedIndex.Parse(index, signature);
    }

    private static PackEntry EntryOf(string folder, string path)
    {
        string file = Path.Combine(folder, path);
        return new PackEntry { Path = path, Length = new FileInfo(file).Length, Sha256 = PackedFolder.HashOf(file) };
    }

    // Written whole, checked and then named: a file of this name is always a good pack.
    private static void Write(string pack, byte[] index, byte[]? signature, PackIndex files, Action<PackEntry, Stream> copy) =>
        WholeFile.Write(pack, unfinished =>
        {
            using (ZipArchive zip = new(File.Create(unfinished), ZipArchiveMode.Create))
            {
                Add(zip, PackIndex.FileName, target => target.Write(index));
                if (signature is not null)
                {
                    Add(zip, PackSignature.FileName, target => target.Write(signature));
                }

                foreach (PackEntry file in files.Files)
                {
                    Add(zip, file.Path, target => copy(file, target));
                }
            }

            using PackReader written = PackReader.Open(unfinished);
            written.Verify(CancellationToken.None);
        });

    private static void Add(ZipArchive zip, string name, Action<Stream> write)
    {
        ZipArchiveEntry entry = zip.CreateEntry(name, CompressionLevel.Optimal);
        entry.LastWriteTime = Epoch;
        using Stream content = entry.Open();
        write(content);
    }
}
