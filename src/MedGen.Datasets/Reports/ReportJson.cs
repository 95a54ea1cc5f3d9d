using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MedGen.Datasets.Reports;

/// <summary>
/// How figures are written for programs: camelCase, enumerations by camelCase name, and NaN by its name where a figure is not defined.
/// </summary>
public static class ReportJson
{
    /// <summary>The options of one object a line.</summary>
    public static JsonSerializerOptions Lines { get; } = Create(isIndented: false);

    private static JsonSerializerOptions Indented { get; } = Create(isIndented: true);

    /// <summary>The text of a file that holds one object.</summary>
    /// <typeparam name="T">What is written.</typeparam>
    /// <param name="value">The object.</param>
    /// <returns>Indented JSON with a line end.</returns>
    public static string Text<T>(T value) => JsonSerializer.Serialize(value, Indented) + "\n";

    /// <summary>The text of a line.</summary>
    /// <typeparam name="T">What is written.</typeparam>
    /// <param name="value">The object.</param>
    /// <returns>JSON without line ends.</returns>
    public static string Line<T>(T value) => JsonSerializer.Serialize(value, Lines);

    private static JsonSerializerOptions Create(bool isIndented) => new(JsonSerializerDefaults.Web)
    {
        WriteIndented = isIndented,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };
}
