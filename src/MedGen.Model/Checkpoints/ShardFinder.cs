using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using MedGen.Sdk.Errors;

namespace MedGen.Model.Checkpoints;

/// <summary>
/// Finds the shards of one part: by its index file where there is one, otherwise by the numbers in the names (<c>-00002-of-00006</c>).
/// </summary>
internal static partial class ShardFinder
{
    private const string IndexEnding = ".index.json";

    /// <summary>The shards named <c>stem*.safetensors</c> in a folder, in order.</summary>
    /// <param name="folder">Where they lie.</param>
    /// <param name="stem">Start of their names.</param>
    /// <param name="missing">Gets a sentence for each shard that should be there and is not.</param>
    public static IReadOnlyList<string> Find(string folder, string stem, List<string> missing)
    {
        if (!Directory.Exists(folder))
        {
            return [];
        }

        string index = Path.Combine(folder, stem + ".safetensors" + IndexEnding);
        string[] present = [.. Directory.EnumerateFiles(folder, stem + "*.safetensors").Order(StringComparer.Ordinal)];
        IEnumerable<string> expected = File.Exists(index) ? FromIndex(index) : FromNumbers(present);
        missing.AddRange(
            expected.Except(present.Select(path => Path.GetFileName(path)), StringComparer.Ordinal).Select(name => $"shard {name} is missing"));
        return present;
    }

    private static IEnumerable<string> FromIndex(string index)
    {
        string name = Path.GetFileName(index);
        try
        {
            using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(index));
            return [.. json.RootElement.GetProperty("weight_map").EnumerateObject().Select(entry =>
                entry.Value.GetString()!).Distinct(StringComparer.Ordinal)];
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new ModelFormatException(name, $"{name} is not a safetensors index: {exception.Message}", exception);
        }
    }

    private static IEnumerable<string> FromNumbers(string[] present)
    {
        foreach (string path in present)
        {
            string name = Path.GetFileName(path);
            if (Numbered().Match(name) is { Success: true } match)
            {
                (string stem, string total) = (match.Groups["stem"].Value, match.Groups["total"].Value);
                return Enumerable.Range(1, int.Parse(total, NumberStyles.None, CultureInfo.InvariantCulture))
                    .Select(i => i.ToString(CultureInfo.InvariantCulture).PadLeft(total.Length, '0'))
                    .Select(number => $"{stem}-{number}-of-{total}.safetensors");
            }
        }

        return [];
    }

    [GeneratedRegex(@"^(?<stem>.+)-[0-9]{1,6}-of-(?<total>[0-9]{1,6})\.safetensors$")]
    private static partial Regex Numbered();
}
