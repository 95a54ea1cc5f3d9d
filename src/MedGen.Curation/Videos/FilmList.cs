using System.Text.Json;
using MedGen.Datasets.Reading;
using MedGen.Sdk.Errors;

namespace MedGen.Curation.Videos;

/// <summary>
/// A list of films: CSV, JSON Lines, or one JSON array of objects, with a column for the film's name and any others. MedVideoCap-55K's fields are
/// known by their names.
/// </summary>
internal static class FilmList
{
    /// <summary>Lists that are looked for at the top of a folder.</summary>
    public static readonly string[] Names = [MetadataTable.Csv, MetadataTable.JsonLines];

    private const string Field = "list";

    /// <summary>Reads a list.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The columns of each film, by its name as the list has it.</returns>
    /// <exception cref="InvalidInputException">A line is wrong, names no film, or one that was named before; it is said which.</exception>
    public static IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Read(string path)
    {
        if (!File.Exists(path))
        {
            throw new InvalidInputException(Field, $"there is no file '{path}'.");
        }

        string file = Path.GetFileName(path);
        Dictionary<string, IReadOnlyDictionary<string, string>> films = new(StringComparer.Ordinal);
        foreach ((int line, Dictionary<string, string> cells) in Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".csv" => FromCsv(path),
            ".jsonl" => FromLines(path, file),
            ".json" => FromArray(path, file),
            _ => throw new InvalidInputException(Field, $"got '{file}'; allowed: .csv, .jsonl and .json."),
        })
        {
            string name = MedVideoCapFields.NameOf(cells).Replace('\\', '/');
            if (name.Length == 0)
            {
                throw new InvalidInputException(Field, $"{file}, entry {line}: names no film; a column file_name or video_name is needed.");
            }

            if (!films.TryAdd(name, MedVideoCapFields.Renamed(cells)))
            {
                throw new InvalidInputException(Field, $"{file}, entry {line}: '{name}' is there twice.");
            }
        }

        return films;
    }

    private static IEnumerable<(int, Dictionary<string, string>)> FromCsv(string path)
    {
        CsvTable table = CsvTable.Read(path, Field);
        return table.Rows.Select(row => (row.Line, table.Columns.Where(column => row[column].Length > 0)
            .ToDictionary(column => column, column => row[column], StringComparer.Ordinal)));
    }

    private static IEnumerable<(int, Dictionary<string, string>)> FromLines(string path, string file) =>
        Utf8File.Read(path, Field).Split('\n').Select((text, index) => (text, line: index + 1)).Where(one => !string.IsNullOrWhiteSpace(one.text))
            .Select(one => (one.line, Cells(Parse(one.text, file, one.line), file, one.line)));

    private static IEnumerable<(int, Dictionary<string, string>)> FromArray(string path, string file)
    {
        JsonElement root = Parse(Utf8File.Read(path, Field), file, line: 1);
        return root.ValueKind == JsonValueKind.Array
            ? root.EnumerateArray().Select((one, index) => (index + 1, Cells(one, file, index + 1)))
            : throw new InvalidInputException(Field, $"{file}: got {root.ValueKind}; allowed: an array of objects.");
    }

    private static JsonElement Parse(string text, string file, int line)
    {
        try
        {
            return JsonElement.Parse(text);
        }
        catch (JsonException exception)
        {
            throw new InvalidInputException(Field, $"{file}, entry {line}: {exception.Message}");
        }
    }

    private static Dictionary<string, string> Cells(JsonElement json, string file, int line)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            throw new InvalidInputException(Field, $"{file}, entry {line}: got {json.ValueKind}; allowed: an object.");
        }

        Dictionary<string, string> cells = new(StringComparer.Ordinal);
        foreach (JsonProperty property in json.EnumerateObject().Where(property => property.Value.ValueKind != JsonValueKind.Null))
        {
            cells[property.Name] = property.Value.ToString().Trim();
        }

        return cells;
    }
}
