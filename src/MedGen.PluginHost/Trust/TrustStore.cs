using System.Text.Json;
using MedGen.PluginHost.Manifests;
using MedGen.PluginHost.Packs;
using MedGen.Sdk.Errors;

namespace MedGen.PluginHost.Trust;

/// <summary>A trust file with the keys that it names.</summary>
public sealed class TrustStore
{
    private const string Everything = "*";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerOptions.Strict)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    };

    private readonly TrustFile _file;
    private readonly Dictionary<string, TrustedPublisher> _publishers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TrustedCatalog> _catalogs = new(StringComparer.Ordinal);

    private TrustStore(TrustFile file) => _file = file;

    /// <summary>Reads a trust file.</summary>
    /// <param name="path">The file; null or empty: there is none, and nobody is trusted.</param>
    /// <exception cref="InvalidInputException">The file, or a key that it names, cannot be used; the violations say where.</exception>
    public static TrustStore Load(string? path)
    {
        if (string.IsNullOrEmpty(path))
        {
            return new TrustStore(new TrustFile());
        }

        TrustStore store = new(Read(path));
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        Violations wrong = new();
        Take(store._file.Publishers, "publishers", one => one.KeyFiles, store._publishers, folder, wrong);
        Take(store._file.Catalogs, "catalogs", one => one.KeyFiles, store._catalogs, folder, wrong);
        store.CheckTexts(wrong);
        wrong.ThrowIfAny();
        return store;
    }

    /// <summary>Says what is thought of a pack.</summary>
    /// <param name="pack">A pack whose signature, if it has one, is valid.</param>
    public TrustVerdict Judge(SignedIndex pack)
    {
        ArgumentNullException.ThrowIfNull(pack);
        if (_file.RevokedPacks.Contains(pack.Hash))
        {
            return Refused(null, $"The pack with the hash {pack.Hash} is revoked.");
        }

        if (pack.KeyId is not { } key)
        {
            return JudgeUnsigned(pack.Index.Id);
        }

        if (_file.RevokedKeys.Contains(key))
        {
            return Refused(null, $"It is signed with the key {key}, which is revoked.");
        }

        return _publishers.TryGetValue(key, out TrustedPublisher? publisher)
            ? Judge(pack.Index, publisher, key)
            : JudgeStranger(pack.Index.Id, $"It is signed with the key {key}, which is no trusted publisher's.");
    }

    /// <summary>Says what is thought of a plugin that nobody has signed.</summary>
    /// <param name="id">Its id.</param>
    internal TrustVerdict JudgeUnsigned(string id) => JudgeStranger(id, "It is not signed.");

    /// <summary>The name of who signs a catalogue with a key; null: nobody who is trusted does.</summary>
    internal string? CatalogOf(string key) =>
        !_file.RevokedKeys.Contains(key) && _catalogs.TryGetValue(key, out TrustedCatalog? catalog) ? catalog.Name : null;

    // Whose plugin it says it is, its id says: those of a publisher are for nobody else.
    private TrustVerdict JudgeStranger(string id, string reason)
    {
        string[] owners = [.. _file.Publishers.Where(publisher => MayPublish(publisher, id)).Select(publisher => publisher.Name)];
        return owners.Length > 0
            ? Refused(null, $"{reason} Only {string.Join(" or ", owners)} may publish {id}.")
            : new TrustVerdict { Origin = PluginOrigin.Unknown, Reason = reason };
    }

    private static bool MayPublish(TrustedPublisher publisher, string id) => publisher.Plugins.Any(
        one => one.EndsWith('*') ? id.StartsWith(one[..^1], StringComparison.Ordinal) : id == one);

    private static TrustVerdict Judge(PackIndex index, TrustedPublisher publisher, string key)
    {
        string name = publisher.Name;
        return publisher.Denied ? Refused(name, $"It is signed by {name}, whose plugins are denied.")
            : index.Publisher != name ? Refused(name, $"It says that it is by '{PackPath.Shown(index.Publisher)}', but is signed by {name}.")
            : !MayPublish(publisher, index.Id)
                ? Refused(name, $"It is signed by {name}, who may publish {string.Join(", ", publisher.Plugins)}, but not {index.Id}.")
            : new TrustVerdict { Origin = PluginOrigin.Publisher, Reason = $"It is signed by {name}, key {key}.", Publisher = name };
    }

    private static TrustVerdict Refused(string? publisher, string reason) =>
        new() { Origin = PluginOrigin.Refused, Reason = reason, Publisher = publisher };

    private static TrustFile Read(string path)
    {
        try
        {
            byte[] content = File.ReadAllBytes(path);
            CanonicalJson.RefuseNulls(
                content, new JsonReaderOptions { CommentHandling = Json.ReadCommentHandling, AllowTrailingCommas = Json.AllowTrailingCommas });
            return JsonSerializer.Deserialize<TrustFile>(content, Json)!;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException(path, $"the trust file cannot be used: {e.Message}");
        }
    }

    private static void Take<T>(
        IReadOnlyList<T> owners, string field, Func<T, IReadOnlyList<string>> filesOf, Dictionary<string, T> keys, string folder, Violations wrong)
    {
        for (int i = 0; i < owners.Count; i++)
        {
            IReadOnlyList<string> files = filesOf(owners[i]);
            wrong.Require(files.Count > 0, $"{field}[{i}].key_files", $"got none", $"files of public keys");
            foreach (string file in files)
            {
                try
                {
                    string key = PublisherKey.IdOf(PublisherKey.ReadPublic(Path.Combine(folder, file)));
                    wrong.Require(keys.TryAdd(key, owners[i]), $"{field}[{i}].key_files", $"got the key {key} twice", $"each key once");
                }
                catch (Exception e) when (e is InvalidInputException or IOException or UnauthorizedAccessException)
                {
                    wrong.Add($"{field}[{i}].key_files", e.Message);
                }
            }
        }
    }

    // With its dot: acme* would be acmeans.x, too.
    private static bool IsPattern(string text) => text == Everything || ManifestRules.IsId(text)
        || (text.EndsWith($".{Everything}", StringComparison.Ordinal) && ManifestRules.IsId(text[..^1] + "x"));

    private void CheckTexts(Violations wrong)
    {
        for (int i = 0; i < _file.Publishers.Count; i++)
        {
            TrustedPublisher publisher = _file.Publishers[i];
            wrong.Require(
                publisher.Denied || publisher.Plugins.Count > 0, $"publishers[{i}].plugins", $"got none",
                $"ids of plugins, one that ends in {Everything} for all that start so");
            foreach (string wanted in publisher.Plugins.Where(one => !IsPattern(one)))
            {
                wrong.Add(
                    $"publishers[{i}].plugins", $"got '{PackPath.Shown(wanted)}'; allowed: an id, the beginning of ids as acme.*, or {Everything}.");
            }
        }

        foreach ((string field, IReadOnlyList<string> hashes) in new[]
        {
            ("revoked_keys", _file.RevokedKeys), ("revoked_packs", _file.RevokedPacks),
        })
        {
            wrong.Require(
                hashes.All(hash => hash is { Length: 64 } && hash.All(char.IsAsciiHexDigitLower)), field, $"got another text",
                $"SHA-256 of 64 lower-case hexadecimal digits");
        }
    }
}
