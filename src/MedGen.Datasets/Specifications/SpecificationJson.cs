using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using MedGen.Abstractions.Errors;

namespace MedGen.Datasets.Specifications;

/// <summary>Reads JSON that people write: recipes, specifications. What is wrong is said by the keys of the file, not by the types that it is read into.</summary>
public static partial class SpecificationJson
{
    /// <summary>Reads a file; a byte order mark is passed over.</summary>
    /// <typeparam name="T">What the file describes.</typeparam>
    /// <param name="path">The JSON file.</param>
    /// <param name="field">What the whole is called in errors, for instance <c>recipe</c>.</param>
    /// <param name="options">How it is written.</param>
    /// <returns>The contents; ranges are not checked.</returns>
    /// <exception cref="InvalidInputException">The file is missing or no JSON, or a key is unknown, missing or of another kind.</exception>
    public static T Read<T>(string path, string field, JsonSerializerOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return File.Exists(path) ? Parse<T>(File.ReadAllBytes(path), field, options) : throw new InvalidInputException(field, $"there is no file '{path}'.");
    }

    /// <summary>As <see cref="Read"/>, of text.</summary>
    /// <typeparam name="T">What the text describes.</typeparam>
    /// <param name="utf8">JSON.</param>
    /// <param name="field">What the whole is called in errors.</param>
    /// <param name="options">How it is written.</param>
    /// <returns>The contents; ranges are not checked.</returns>
    /// <exception cref="InvalidInputException">It is no JSON, or a key is unknown, missing or of another kind.</exception>
    public static T Parse<T>(ReadOnlySpan<byte> utf8, string field, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ReadOnlySpan<byte> text = utf8.StartsWith(ByteOrderMark) ? utf8[ByteOrderMark.Length..] : utf8;
        try
        {
            return JsonSerializer.Deserialize<T>(text, options) ?? throw new InvalidInputException(field, "is null; a JSON object is expected.");
        }
        catch (JsonException exception)
        {
            throw new InvalidInputException(exception.Path is null or "$" ? field : exception.Path.TrimStart('$', '.'), Describe(exception, typeof(T), options));
        }
    }

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    private static string Describe(JsonException exception, Type root, JsonSerializerOptions options)
    {
        string message = exception.Message.Split(" Path: ")[0];
        if (Unknown().Match(message) is { Success: true } unknown)
        {
            string[] keys = [.. Find(root, unknown.Groups["type"].Value, options, [])?.Properties.Select(property => property.Name) ?? []];
            return $"is no key that is known here; allowed are {string.Join(", ", keys.Order(StringComparer.Ordinal))}.";
        }

        if (Missing().Match(message) is { Success: true } missing)
        {
            return $"lacks what it must have: {missing.Groups["keys"].Value.Replace("'", "", StringComparison.Ordinal)}.";
        }

        if (Conversion().Match(message) is { Success: true } conversion)
        {
            return $"is of another kind; expected is {KindOf(conversion.Groups["type"].Value, root, options)}.";
        }

        return message.Contains("doesn't allow setting null values", StringComparison.Ordinal)
            ? "is null; a value is expected."
            : string.Create(CultureInfo.InvariantCulture, $"{message} (line {exception.LineNumber + 1})");
    }

    private static string KindOf(string type, Type root, JsonSerializerOptions options) =>
        type.Contains("System.Int", StringComparison.Ordinal) ? "a whole number"
        : type.Contains("System.Double", StringComparison.Ordinal) || type.Contains("System.Single", StringComparison.Ordinal) ? "a number"
        : type.Contains("System.Boolean", StringComparison.Ordinal) ? "true or false"
        : type == "System.String" ? "text"
        : type.Contains("Dictionary", StringComparison.Ordinal) ? "an object"
        : type.StartsWith("System.Collections", StringComparison.Ordinal) ? "a list"
        : Find(root, type, options, [])?.Type is { IsEnum: true } names
            ? $"one of {string.Join(", ", Enum.GetValues(names).Cast<object>().Select(value => JsonSerializer.SerializeToElement(value, names, options).GetString()))}"
        : "an object";

    // The type of that name among those that the root is made of.
    private static JsonTypeInfo? Find(Type type, string name, JsonSerializerOptions options, HashSet<Type> seen)
    {
        if (!seen.Add(type))
        {
            return null;
        }

        JsonTypeInfo info = options.GetTypeInfo(Nullable.GetUnderlyingType(type) ?? type);
        return name.Contains(info.Type.ToString(), StringComparison.Ordinal) && info.Type.Namespace?.StartsWith("System", StringComparison.Ordinal) != true
            ? info
            : info.Properties.Select(property => property.PropertyType).Append(info.ElementType).OfType<Type>()
                .Select(inner => Find(inner, name, options, seen)).FirstOrDefault(found => found is not null);
    }

    [GeneratedRegex("could not be mapped to any \\.NET member contained in type '(?<type>[^']+)'")]
    private static partial Regex Unknown();

    [GeneratedRegex("missing required properties including: (?<keys>.+?)\\.?$")]
    private static partial Regex Missing();

    [GeneratedRegex("could not be converted to (?<type>.+?)\\.?$")]
    private static partial Regex Conversion();
}
