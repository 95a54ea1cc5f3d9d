using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Generation;
using MedGen.Sdk.Models;

namespace MedGen.Runtime.Adapters;

/// <summary>
/// What an adapter was made for: <c>{ "defaults": { "num_inference_steps": 4, "scheduler": "lightx2v" } }</c> in <c>NAME.json</c> beside
/// <c>NAME.safetensors</c>. Everything else in that file is somebody else's, such as the record of a training.
/// </summary>
internal static class AdapterDefaultsFile
{
    private const string Member = "defaults";

    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new SchedulerName() },
    };

    private static readonly string[] Known =
        [.. typeof(AdapterDefaults).GetProperties().Select(property => JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name))];

    /// <summary>Reads what is stated.</summary>
    /// <param name="adapter">Path of the adapter.</param>
    /// <returns>Null: nothing.</returns>
    /// <exception cref="InvalidInputException">The file is not JSON, states what is not known, or a number out of range.</exception>
    public static AdapterDefaults? Read(string adapter)
    {
        string path = Path.ChangeExtension(adapter, ".json");
        string name = Path.GetFileName(path);
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            JsonObject json = JsonNode.Parse(File.ReadAllText(path)) as JsonObject ?? throw new JsonException("It is no object.");
            if (json[Member] is not { } stated)
            {
                return Array.Find(Known, json.ContainsKey) is { } misplaced
                    ? throw new JsonException($"'{misplaced}' belongs into '{Member}'.")
                    : null;
            }

            AdapterDefaults defaults = stated.Deserialize<AdapterDefaults>(Options) ?? new AdapterDefaults();
            Violations violations = new();
            violations.Declared(defaults);
            return violations.Found.Count == 0
                ? defaults
                : throw new JsonException(string.Join(" ", violations.Found.Select(found => $"{Member}.{found.Field} {found.Description}")));
        }
        catch (JsonException exception)
        {
            throw new InvalidInputException("adapter", $"{name} beside the adapter cannot be used: {exception.Message}");
        }
    }

    // As the command line spells them.
    private sealed class SchedulerName : JsonConverter<GenerationScheduler>
    {
        private static readonly Dictionary<string, GenerationScheduler> Names = new(StringComparer.Ordinal)
        {
            ["unipc"] = GenerationScheduler.UniPC,
            ["dpmpp"] = GenerationScheduler.DpmPlusPlus,
            ["euler"] = GenerationScheduler.Euler,
            ["diffusers_unipc"] = GenerationScheduler.DiffusersUniPC,
            ["dmd"] = GenerationScheduler.Dmd,
            ["lightx2v"] = GenerationScheduler.LightX2V,
        };

        public override GenerationScheduler Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String && Names.TryGetValue(reader.GetString()!, out GenerationScheduler scheduler)
                ? scheduler
                : throw new JsonException($"scheduler is none of {string.Join(", ", Names.Keys)}.");

        public override void Write(Utf8JsonWriter writer, GenerationScheduler value, JsonSerializerOptions options) =>
            writer.WriteStringValue(Names.First(pair => pair.Value == value).Key);
    }
}
