using System.Text.RegularExpressions;
using MedGen.PluginHost.Manifests;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Plugins;

namespace MedGen.PluginHost.Packs;

/// <summary>What a pack holds: <c>pack.json</c>, the first file of the pack, which stays in the installed folder.</summary>
public sealed partial record PackIndex
{
    /// <summary>Name of the index in a pack and in an installed folder.</summary>
    public const string FileName = "pack.json";

    /// <summary>What <see cref="Kind"/> says; a signature over this is never one over something else.</summary>
    public const string KindName = "medgen-pack/1";

    /// <summary>Most bytes of an index.</summary>
    internal const int MaxBytes = 4 << 20;

    /// <summary>Most files of a pack.</summary>
    internal const int MaxFiles = 10_000;

    /// <summary>Most faults that are named at once.</summary>
    internal const int MaxNamed = 20;

    private const long MaxContentBytes = 16L << 30;

    /// <summary>Always <see cref="KindName"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>The plugin's id.</summary>
    public required string Id { get; init; }

    /// <summary>The plugin's version.</summary>
    public required string Version { get; init; }

    /// <summary>The range of SDK versions that it works with.</summary>
    public required string Sdk { get; init; }

    /// <summary>Who stands behind it, as the plugin itself says.</summary>
    public required string Publisher { get; init; }

    /// <summary>All files but the index and its signature, ordered by path.</summary>
    public required IReadOnlyList<PackEntry> Files { get; init; }

    /// <summary>Reads and checks an index.</summary>
    /// <param name="bytes">The content of <c>pack.json</c>.</param>
    /// <exception cref="InvalidInputException">It breaks the rules; the violations name where.</exception>
    internal static PackIndex Parse(byte[] bytes)
    {
        PackIndex index = CanonicalJson.Read<PackIndex>(bytes, FileName, MaxBytes);
        Violations found = new();
        found.AddRange(index.Wrong().Take(MaxNamed));
        found.ThrowIfAny();
        return index;
    }

    /// <summary>Whether a text is a SHA-256 as a pack writes it.</summary>
    /// <param name="text">The text.</param>
    internal static bool IsSha256(string text) => Sha256().IsMatch(text);

    /// <summary>Whether the plugin's own manifest says the same.</summary>
    /// <param name="manifest">The manifest in the pack.</param>
    internal IEnumerable<FieldViolation> Differences(PluginManifest manifest) =>
        Names(manifest).Concat(manifest.Weights
            .Where(weights => !Files.Any(file => (file.Path, file.Length, file.Sha256) == (weights.Path, weights.Bytes, weights.Sha256)))
            .Select(weights => new FieldViolation(PackPath.Shown(weights.Path), $"is not in the pack as {ManifestReader.FileName} declares it.")));

    private IEnumerable<FieldViolation> Names(PluginManifest manifest) =>
        from pair in new (string Key, string Packed, string Said)[]
        {
            ("id", Id, manifest.Id), ("version", Version, manifest.Version), ("sdk", Sdk, manifest.Sdk), ("publisher", Publisher, manifest.Publisher),
        }
        where pair.Packed != pair.Said
        select new FieldViolation(
            $"{FileName}: {pair.Key}", $"got '{PackPath.Shown(pair.Packed)}'; {ManifestReader.FileName} says '{PackPath.Shown(pair.Said)}'.");

    private IEnumerable<FieldViolation> Wrong()
    {
        if (Kind != KindName)
        {
            yield return new FieldViolation($"{FileName}: kind", $"got '{PackPath.Shown(Kind)}'; allowed: {KindName}.");
        }

        if (ManifestRules.ParseVersion(Version) is null || !ManifestRules.IsId(Id))
        {
            yield return new FieldViolation($"{FileName}: id, version", "these are no id and version of a plugin.");
        }

        if (new[] { Sdk, Publisher }.Any(text => text.Length > PackPath.MaxLength || text.Any(PackPath.IsHidden)))
        {
            yield return new FieldViolation($"{FileName}: sdk, publisher", $"allowed are {PackPath.MaxLength} characters, none that cannot be seen.");
        }

        if (Files.Count is 0 or > MaxFiles || Files.All(file => file.Path != ManifestReader.FileName))
        {
            yield return new FieldViolation(
                $"{FileName}: files", $"got {Files.Count}; allowed: 1 to {MaxFiles}, {ManifestReader.FileName} among them.");
        }

        if (Files.Sum(file => (decimal)file.Length) > MaxContentBytes)
        {
            yield return new FieldViolation($"{FileName}: files", $"got more than {MaxContentBytes} bytes together.");
        }

        foreach (FieldViolation violation in WrongPaths())
        {
            yield return violation;
        }
    }

    private IEnumerable<FieldViolation> WrongPaths()
    {
        // One name that differs in case only, or a file where another needs a folder, would be another pack on another disk.
        HashSet<string> files = new(StringComparer.OrdinalIgnoreCase);
        HashSet<string> folders = new(Files.SelectMany(file => PackPath.FoldersOf(file.Path)), StringComparer.OrdinalIgnoreCase);
        string previous = "";
        foreach (PackEntry file in Files)
        {
            string? wrong = PackPath.Violation(file.Path)
                ?? (!files.Add(file.Path) ? "occurs twice, capital and small letters apart."
                    : folders.Contains(file.Path) ? "is a file and a folder."
                    : string.CompareOrdinal(previous, file.Path) > 0 ? "is not in its place: files are ordered by path."
                    : file.Length < 0 || !IsSha256(file.Sha256) ? "has no length or no SHA-256 in 64 lower-case hexadecimal digits."
                    : null);
            if (wrong is not null)
            {
                yield return new FieldViolation(PackPath.Shown(file.Path), wrong);
            }

            previous = file.Path;
        }
    }

    [GeneratedRegex(@"\A[0-9a-f]{64}\z")]
    private static partial Regex Sha256();
}
