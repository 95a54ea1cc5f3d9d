using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using MedGen.PluginHost.Packs;

namespace MedGen.PluginHost.Tests.Packs;

/// <summary>A vendor's desk: real packs of the test plugins, keys, a trust file, and tools to damage a pack.</summary>
internal sealed class PackWorkshop : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("medgen-packs-");

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    public ECDsa Key { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public string KeyId => PublisherKey.IdOf(Key.ExportSubjectPublicKeyInfo());

    public string At(params string[] parts) => Path.Combine([_folder.FullName, .. parts]);

    public string Write(string name, string text)
    {
        File.WriteAllText(At(name), text);
        return At(name);
    }

    /// <summary>A pack of a built test plugin, signed unless a key is not wanted.</summary>
    public string Pack(string version = "1.0.0", bool sign = true)
    {
        string pack = At($"{Guid.NewGuid():N}.mgpack");
        PackWriter.Pack(TestPlugins.Built("test.good", version), pack, Token);
        if (sign)
        {
            PackWriter.Sign(pack, Key, Token);
        }

        return pack;
    }

    /// <summary>An unsigned pack of a built test plugin with weights, which the manifest declares as they are or as somebody says.</summary>
    public string PackWithWeights(string version, byte[] content, Action<JsonObject>? declare = null)
    {
        string folder = TestPlugins.Install(At($"{Guid.NewGuid():N}"), "test.good", version);
        Directory.CreateDirectory(Path.Combine(folder, "weights"));
        File.WriteAllBytes(Path.Combine(folder, "weights", "w.bin"), content);
        JsonObject weights = new() { ["sha256"] = Convert.ToHexStringLower(SHA256.HashData(content)), ["bytes"] = content.Length, ["license"] = "MIT" };
        declare?.Invoke(weights);
        TestPlugins.EditManifest(folder, manifest => manifest["weights"] = new JsonObject { ["weights/w.bin"] = weights });
        string pack = At($"{Guid.NewGuid():N}.mgpack");
        PackWriter.Pack(folder, pack, Token);
        return pack;
    }

    /// <summary>A trust file in which the key belongs to the publisher of the test plugins, with further members or others.</summary>
    public string Trust(string more = "", string publisher = "Tests", string plugins = "test.*", string inPublisher = "")
    {
        Write("key.pem", Key.ExportSubjectPublicKeyInfoPem());
        return Write(
            "trust.json",
            $$"""{"publishers": [{"name": "{{publisher}}", "key_files": ["key.pem"], "plugins": ["{{plugins}}"]{{inPublisher}}}]{{more}}}""");
    }

    /// <summary>Takes a pack apart, lets somebody change the parts, and puts it together again.</summary>
    public static string Rebuild(string pack, Action<List<Part>> change)
    {
        List<Part> parts;
        using (ZipArchive zip = ZipFile.OpenRead(pack))
        {
            parts = [.. zip.Entries.Select(entry => new Part(entry.FullName, ReadAll(entry)))];
        }

        change(parts);
        using ZipArchive changed = new(File.Create(pack), ZipArchiveMode.Create);
        foreach (Part part in parts)
        {
            ZipArchiveEntry entry = changed.CreateEntry(part.Name);
            entry.ExternalAttributes = part.Attributes;
            using Stream content = entry.Open();
            content.Write(part.Content);
        }

        return pack;
    }

    /// <summary>Changes the index of an unsigned pack, and leaves it in the form in which it is written.</summary>
    public static string EditIndex(string pack, Action<JsonObject> edit) => Rebuild(pack, parts =>
    {
        JsonObject index = JsonNode.Parse(parts[0].Content)!.AsObject();
        edit(index);
        parts[0] = parts[0] with { Content = Encoding.UTF8.GetBytes(index.ToJsonString()) };
    });

    /// <summary>Changes a text in an unsigned pack, and its hash in the index; the length stays.</summary>
    public static string EditFile(string pack, string name, Func<string, string> edit)
    {
        string hash = "";
        Rebuild(pack, parts =>
        {
            int at = parts.FindIndex(part => part.Name == name);
            byte[] content = Encoding.UTF8.GetBytes(edit(Encoding.UTF8.GetString(parts[at].Content)));
            hash = Convert.ToHexStringLower(SHA256.HashData(content));
            parts[at] = parts[at] with { Content = content };
        });
        return EditIndex(pack, index => index["files"]!.AsArray().Single(file => (string)file!["path"]! == name)!["sha256"] = hash);
    }

    /// <summary>Adds a file to an unsigned pack, and to its index.</summary>
    public static string AddFile(string pack, string name, byte[] content, long? length = null, int attributes = 0)
    {
        EditIndex(pack, index =>
        {
            JsonArray files = index["files"]!.AsArray();
            JsonNode[] ordered =
            [
                .. files.Append(new JsonObject
                {
                    ["path"] = name, ["length"] = length ?? content.Length, ["sha256"] = Convert.ToHexStringLower(SHA256.HashData(content)),
                }).Select(file => file!.DeepClone()).OrderBy(file => (string)file["path"]!, StringComparer.Ordinal),
            ];
            index["files"] = new JsonArray(ordered);
        });
        return Rebuild(pack, parts => parts.Add(new Part(name, content, attributes)));
    }

    public void Dispose()
    {
        Key.Dispose();
        _folder.Delete(recursive: true);
    }

    private static byte[] ReadAll(ZipArchiveEntry entry)
    {
        using MemoryStream content = new();
        using Stream stream = entry.Open();
        stream.CopyTo(content);
        return content.ToArray();
    }

    internal sealed record Part(string Name, byte[] Content, int Attributes = 0);
}
