using System.IO.Compression;
using MedGen.Sdk.Errors;

namespace MedGen.PluginHost.Packs;

/// <summary>
/// The zip around a pack, of a stranger: an archive with these entries and not one byte besides. Nothing is decompressed beyond the length that was
/// agreed on before.
/// </summary>
internal sealed class PackArchive : IDisposable
{
    private const int SymbolicLink = 0xA;
    private const int UnixTypeShift = 28;

    private readonly ZipArchive _zip;

    private PackArchive(ZipArchive zip) => _zip = zip;

    /// <summary>Names of the entries, in their order.</summary>
    public IEnumerable<string> Names => _zip.Entries.Select(entry => entry.FullName);

    /// <summary>Opens an archive and checks everything about it but the content of its entries.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidInputException">It is no such archive.</exception>
    public static PackArchive Open(string path)
    {
        FileStream file = File.OpenRead(path);
        ZipArchive? zip = null;
        try
        {
            PackLayout.Check(file);
            zip = new ZipArchive(file, ZipArchiveMode.Read);
            Check(zip);
            return new PackArchive(zip);
        }
        catch (Exception e)
        {
            zip?.Dispose();
            file.Dispose();
            if (e is InvalidDataException)
            {
                throw PackLayout.NoPack($"it cannot be read as a zip archive: {e.Message}");
            }

            throw;
        }
    }

    /// <summary>Reads a small entry.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="maxBytes">Most bytes that it may have.</param>
    /// <returns>Its content; null: there is no such entry.</returns>
    public byte[]? Read(string name, int maxBytes)
    {
        if (_zip.GetEntry(name) is not { } entry)
        {
            return null;
        }

        if (entry.Length > maxBytes)
        {
            throw new InvalidInputException(name, $"has {entry.Length} bytes; allowed: {maxBytes}.");
        }

        using MemoryStream content = new();
        Copy(name, entry.Length, content);
        return content.ToArray();
    }

    /// <summary>Decompresses an entry.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="length">The length that it must have.</param>
    /// <param name="target">Where to; one byte beyond the length is never written.</param>
    public void Copy(string name, long length, Stream target)
    {
        ZipArchiveEntry entry = _zip.GetEntry(name) ?? throw new InvalidInputException(name, "is missing.");
        byte[] buffer = new byte[81920];
        long left = length;
        try
        {
            using Stream content = entry.Open();
            while (content.Read(buffer) is > 0 and int read)
            {
                left -= read;
                if (left < 0)
                {
                    break;
                }

                target.Write(buffer, 0, read);
            }
        }
        catch (InvalidDataException e)
        {
            throw new InvalidInputException(name, $"cannot be decompressed: {e.Message}");
        }

        if (left != 0)
        {
            string got = left < 0 ? $"more than {length}" : $"{length - left}";
            throw new InvalidInputException(name, $"has {got} bytes; the index says {length}.");
        }
    }

    /// <inheritdoc />
    public void Dispose() => _zip.Dispose();

    private static void Check(ZipArchive zip)
    {
        HashSet<string> names = new(StringComparer.OrdinalIgnoreCase);
        foreach (ZipArchiveEntry entry in zip.Entries)
        {
            string name = entry.FullName;
            string? wrong = (PackPath.IsOwn(name) ? null : PackPath.Violation(name))
                ?? (!names.Add(name) ? "occurs twice, capital and small letters apart."
                    : (uint)entry.ExternalAttributes >> UnixTypeShift == SymbolicLink ? "is a symbolic link."
                    : entry.IsEncrypted ? "is encrypted."
                    : null);
            if (wrong is not null)
            {
                throw new InvalidInputException(PackPath.Shown(name), wrong);
            }
        }
    }
}
