using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using MedGen.Sdk.Errors;

namespace MedGen.Sdk.Models;

/// <summary>
/// The real recordings that a model was trained on, as hashes: enough to say whether it has seen a file or a patient, too little to name one. A model
/// folder that has them as <see cref="FileName"/> lets the platform compare them with a user's data; of one without, nothing is known.
/// </summary>
public sealed class TrainingData
{
    /// <summary>Name of the file in a model folder.</summary>
    public const string FileName = "training-data.json";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        WriteIndented = true,
        NewLine = "\n",
    };

    private readonly HashSet<string> _files;
    private readonly HashSet<string> _groups;

    private TrainingData(IEnumerable<string> files, IEnumerable<string> groups) =>
        (_files, _groups) = (new(files, StringComparer.Ordinal), new(groups, StringComparer.Ordinal));

    /// <summary>No recording: a model of simulated clips alone.</summary>
    public static TrainingData None { get; } = new([], []);

    /// <summary>How many files.</summary>
    public int Files => _files.Count;

    /// <summary>How many groups (patients, recordings).</summary>
    public int Groups => _groups.Count;

    /// <summary>Lists recordings.</summary>
    /// <param name="recordings">
    /// SHA-256 of each file in lower-case hex, and the name of its group (patient, recording); null: the file belongs to no group that is named.
    /// </param>
    /// <returns>The list; the names of groups are in it as hashes only.</returns>
    public static TrainingData Of(IEnumerable<(string Sha256, string? Group)> recordings)
    {
        ArgumentNullException.ThrowIfNull(recordings);
        (string Sha256, string? Group)[] all = [.. recordings];
        return new TrainingData(all.Select(one => one.Sha256), all.Select(one => one.Group).OfType<string>().Select(HashOf));
    }

    /// <summary>Reads the list of a model folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <returns>The list; null when the folder has none, and nothing is known.</returns>
    /// <exception cref="ModelFormatException">The file is no such list.</exception>
    public static TrainingData? Read(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        return ReadFile(Path.Combine(folder, FileName));
    }

    /// <summary>Reads a list under another name, as that of an adapter beside others.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The list; null when there is no such file, and nothing is known.</returns>
    /// <exception cref="ModelFormatException">The file is no such list.</exception>
    public static TrainingData? ReadFile(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            Document read = JsonSerializer.Deserialize<Document>(File.ReadAllBytes(path), Json) ?? throw new JsonException("it is null");
            return read.Format == 1
                ? new TrainingData(read.Files, read.Groups)
                : throw new ModelFormatException(Path.GetFileName(path), $"format: got {read.Format}; allowed: 1.");
        }
        catch (JsonException error)
        {
            throw new ModelFormatException(Path.GetFileName(path), $"it is no list of training data: {error.Message}", error);
        }
    }

    /// <summary>Whether the model was trained on a file, or on another one of the same group.</summary>
    /// <param name="sha256">SHA-256 of the file in lower-case hex.</param>
    /// <param name="group">Its patient or recording; null: not known.</param>
    public bool HasSeen(string sha256, string? group) => _files.Contains(sha256) || (group is not null && _groups.Contains(HashOf(group)));

    /// <summary>Both lists together.</summary>
    /// <param name="other">The other list.</param>
    public TrainingData With(TrainingData other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new TrainingData(_files.Union(other._files), _groups.Union(other._groups));
    }

    /// <summary>The file's text.</summary>
    public string ToJson() => JsonSerializer.Serialize(
        new Document(1, [.. _files.Order(StringComparer.Ordinal)], [.. _groups.Order(StringComparer.Ordinal)]), Json) + "\n";

    // With a prefix, so that no hash of a name equals that of a file with the same bytes.
    private static string HashOf(string group) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("group " + group)));

    private sealed record Document(
        [property: JsonRequired] int Format,
        [property: JsonRequired] IReadOnlyList<string> Files,
        [property: JsonRequired] IReadOnlyList<string> Groups);
}
