using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using MedGen.Sdk.Errors;

namespace MedGen.Datasets.Specifications;

/// <summary>
/// Reads JSON that people write: recipes, specifications. What is wrong is said by the keys of the file, not by the types that it is read into.
/// </summary>
/// <remarks>An unknown key is an error: a misspelt option would otherwise silently have its default.</remarks>
public static partial class SpecificationJson
{
    /// <summary>snake_case keys and names, comments and trailing commas allowed, unknown keys not; on one line when written.</summary>
    public static JsonSerializerOptions Options { get; } = Create(isIndented: false);

    // What earlier versions called it.
    private static readonly Dictionary<string, string> Renamed = new()
    {
        ["frames"] = "num_frames", ["fps"] = "frames_per_second", ["frame_rate"] = "frames_per_second",
        ["least"] = "min", ["most"] = "max", ["least_test_patients"] = "min_test_patients",
    };

    private static JsonSerializerOptions Indented { get; } = Create(isIndented: true);

    /// <summary>Reads a file; a byte order mark is passed over.</summary>
    /// <typeparam name="T">What the file describes.</typeparam>
    /// <param name="path">The JSON file.</param>
    /// <param name="field">What the whole is called in errors, for instance <c>recipe</c>.</param>
    /// <returns>The contents; ranges are not checked.</returns>
    /// <exception cref="InvalidInputException">The file is missing or no JSON, or a key is unknown, missing or of another kind.</exception>
    public static T Read<T>(string path, string field)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return File.Exists(path) ? Parse<T>(File.ReadAllBytes(path), field) : throw new InvalidInputException(field, $"there is no file '{path}'.");
    }

    /// <summary>As <see cref="Read"/>, of text.</summary>
    /// <typeparam name="T">What the text describes.</typeparam>
    /// <param name="utf8">JSON.</param>
    /// <param name="field">What the whole is called in errors.</param>
    /// <returns>The contents; ranges are not checked.</returns>
    /// <exception cref="InvalidInputException">It is no JSON, or a key is unknown, missing or of another kind.</exception>
    public static T Parse<T>(ReadOnlySpan<byte> utf8, string field)
    {
        ReadOnlySpan<byte> text = utf8.StartsWith(ByteOrderMark) ? utf8[ByteOrderMark.Length..] : utf8;
        try
        {
            return JsonSerializer.Deserialize<T>(text, Options) ?? throw new InvalidInputException(field, "is null; a JSON object is expected.");
        }
        catch (JsonException exception)
        {
            throw new InvalidInputException(
                exception.Path is null or "$" ? field : exception.Path.TrimStart('$', '.'), Describe(exception, typeof(T)));
        }
    }

    /// <summary>The text of a file.</summary>
    /// <typeparam name="T">What the file describes.</typeparam>
    /// <param name="value">Its contents, defaults included.</param>
    /// <returns>Indented JSON with a line end.</returns>
    public static string Text<T>(T value) => JsonSerializer.Serialize(value, Indented) + "\n";

    private static JsonSerializerOptions Create(bool isIndented) => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        RespectNullableAnnotations = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        WriteIndented = isIndented,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    };

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    private static string Describe(JsonException exception, Type root)
    {
        string message = exception.Message.Split(" Path: ")[0];
        if (Unknown().Match(message) is { Success: true } unknown)
        {
            string[] keys =
                [.. Find(root, unknown.Groups["type"].Value,
                    [])?.Properties.Where(property => property.Set is not null).Select(property => property.Name) ?? []];
            string key = exception.Path?.Split('.')[^1] ?? "";
            return Renamed.TryGetValue(key, out string? name) && keys.Contains(name)
                ? $"is now called {name}."
                : $"got an unknown key; allowed: {string.Join(", ", keys.Order(StringComparer.Ordinal))}.";
        }

        if (Missing().Match(message) is { Success: true } missing)
        {
            return $"required keys are missing: {missing.Groups["keys"].Value.Replace("'", "", StringComparison.Ordinal)}.";
        }

        if (Conversion().Match(message) is { Success: true } conversion)
        {
            return $"got another kind of value; allowed: {KindOf(conversion.Groups["type"].Value, root)}.";
        }

        return message.Contains("doesn't allow setting null values", StringComparison.Ordinal)
            ? "is null; a value is needed."
            : string.Create(CultureInfo.InvariantCulture, $"{message} (line {exception.LineNumber + 1})");
    }

    private static string KindOf(string type, Type root) =>
        type.Contains("System.Int", StringComparison.Ordinal) ? "a whole number"
        : type.Contains("System.Double", StringComparison.Ordinal) || type.Contains("System.Single", StringComparison.Ordinal) ? "a number"
        : type.Contains("System.Boolean", StringComparison.Ordinal) ? "true or false"
        : type == "System.String" ? "text"
        : type.Contains("Dictionary", StringComparison.Ordinal) ? "an object"
        : type.StartsWith("System.Collections", StringComparison.Ordinal) ? "a list"
        : Find(root, type, [])?.Type is { IsEnum: true } names ? $"one of {string.Join(", ", SpellingsOf(names))}"
        : "an object";

    private static IEnumerable<string?> SpellingsOf(Type names) =>
        Enum.GetValues(names).Cast<object>().Select(value => JsonSerializer.SerializeToElement(value, names, Options).GetString());

    // The type of that name among those that the root is made of.
    private static JsonTypeInfo? Find(Type type, string name, HashSet<Type> seen)
    {
        if (!seen.Add(type))
        {
            return null;
        }

        JsonTypeInfo info = Options.GetTypeInfo(Nullable.GetUnderlyingType(type) ?? type);
        return name.Contains(info.Type.ToString(), StringComparison.Ordinal)
            && info.Type.Namespace?.StartsWith("System", StringComparison.Ordinal) != true
            ? info
            : info.Properties.Select(property => property.PropertyType).Append(info.ElementType).OfType<Type>()
                .Select(inner => Find(inner, name, seen)).FirstOrDefault(found => found is not null);
    }

    [GeneratedRegex("could not be mapped to any \\.NET member contained in type '(?<type>[^']+)'")]
    private static partial Regex Unknown();

    [GeneratedRegex("missing required properties including: (?<keys>.+?)\\.?$")]
    private static partial Regex Missing();

    [GeneratedRegex("could not be converted to (?<type>.+?)\\.?$")]
    private static partial Regex Conversion();
}
