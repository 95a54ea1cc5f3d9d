using MedGen.PluginHost.Manifests;
using MedGen.Sdk.Errors;
using NuGet.Versioning;

namespace MedGen.PluginHost.Packs.Catalogs;

/// <summary>A list of packs. The packs lie beside it, and each has its publisher's signature besides.</summary>
public sealed record PackCatalog
{
    /// <summary>Name of the file: the list in one line, its signature in the next, so that both are always those of each other.</summary>
    public const string FileName = "catalog.jsonl";

    internal const string KindName = "medgen-catalog/1";
    internal const int MaxBytes = 8 << 20;

    private const int MaxText = 1000;

    /// <summary>Always <c>medgen-catalog/1</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>All packs, ordered by id and version.</summary>
    public required IReadOnlyList<CatalogEntry> Packs { get; init; }

    /// <summary>Finds a pack.</summary>
    /// <param name="id">The plugin.</param>
    /// <param name="version">The version; null: the highest for this host's SDK.</param>
    /// <exception cref="ResourceNotFoundException">There is none.</exception>
    public CatalogEntry Find(string id, string? version) =>
        Packs.LastOrDefault(pack => pack.Id == id && (version is null ? ManifestRules.AcceptsSdk(pack.Sdk) : pack.Version == version))
        ?? throw new ResourceNotFoundException("pack", version is null ? id : $"{id}@{version}");

    /// <summary>A text and its signature, as the file holds them.</summary>
    internal static byte[] Write(PackCatalog catalog, System.Security.Cryptography.ECDsa key)
    {
        byte[] list = CanonicalJson.Write(catalog);
        return [.. list, (byte)'\n', .. CanonicalJson.Write(PackSignature.Of(list, key)), (byte)'\n'];
    }

    /// <summary>Reads and checks a file's content.</summary>
    /// <exception cref="InvalidInputException">It breaks the rules, or its signature is not valid.</exception>
    internal static (PackCatalog Catalog, string KeyId) Parse(byte[] content)
    {
        int end = content.AsSpan().IndexOf((byte)'\n');
        if (end < 0 || content[^1] != (byte)'\n' || end == content.Length - 1)
        {
            throw new InvalidInputException(FileName, "is no catalogue: allowed are a line with the list and one with its signature.");
        }

        byte[] list = content[..end];
        PackSignature signature = PackSignature.Parse(content[(end + 1)..^1], FileName, list);
        PackCatalog catalog = CanonicalJson.Read<PackCatalog>(list, FileName, MaxBytes);
        if (catalog.Kind != KindName)
        {
            throw new InvalidInputException(FileName, $"kind: got '{PackPath.Shown(catalog.Kind)}'; allowed: {KindName}.");
        }

        Violations wrong = new();
        for (int i = 0; i < catalog.Packs.Count && wrong.Found.Count < PackIndex.MaxNamed; i++)
        {
            Check(catalog.Packs[i], i == 0 ? null : catalog.Packs[i - 1], $"{FileName}: packs[{i}]", wrong);
        }

        wrong.ThrowIfAny();
        return (catalog, signature.KeyId);
    }

    internal static int Compare(CatalogEntry one, CatalogEntry other) => string.CompareOrdinal(one.Id, other.Id) is not 0 and int byId
        ? byId
        : ManifestRules.ParseVersion(one.Version)!.CompareTo(ManifestRules.ParseVersion(other.Version));

    private static void Check(CatalogEntry pack, CatalogEntry? previous, string field, Violations wrong)
    {
        if (!ManifestRules.IsId(pack.Id) || ManifestRules.ParseVersion(pack.Version) is null)
        {
            wrong.Add(field, "has no id and version of a plugin.");
        }
        else if (previous is not null && ManifestRules.ParseVersion(previous.Version) is not null && Compare(previous, pack) >= 0)
        {
            wrong.Add(field, "is not in its place: packs are ordered by id and version, each once.");
        }

        if (!VersionRange.TryParse(pack.Sdk, allowFloating: false, out _) || pack.Length <= 0 || !PackIndex.IsSha256(pack.Sha256))
        {
            wrong.Add(field, "has no SDK range, length or SHA-256.");
        }

        if (new[] { pack.Publisher, pack.Licence, pack.IntendedUse }.Any(text => text.Length is 0 or > MaxText || text.Any(PackPath.IsHidden)))
        {
            wrong.Add(
                field, $"publisher, licence and intended use: allowed are 1 to {MaxText} characters, no control or hidden ones.");
        }
    }
}
