using System.Text.Json;
using System.Text.Json.Serialization;

namespace MedGen.Application.Jobs;

/// <summary>How jobs, events, requests and artifacts are written to storage. Stored data outlives versions: properties are only ever added.</summary>
public static class JobJson
{
    /// <summary>camelCase names, enumerations by name, nulls left out.</summary>
    public static JsonSerializerOptions Options { get; } = Create();

    private static JsonSerializerOptions Create()
    {
        JsonSerializerOptions options = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };
        options.Converters.Add(new JsonStringEnumConverter());
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
