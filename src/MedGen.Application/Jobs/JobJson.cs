using System.Text.Json;
using System.Text.Json.Serialization;
using MedGen.Sdk.Errors;

namespace MedGen.Application.Jobs;

/// <summary>How jobs, events, requests and artifacts are written to storage. Stored data outlives versions: properties are only ever added.</summary>
public static class JobJson
{
    /// <summary>camelCase names, enumerations by name, nulls left out.</summary>
    public static JsonSerializerOptions Options { get; } = Create();

    /// <summary>Reads what was asked of a job.</summary>
    /// <typeparam name="T">How it is stored.</typeparam>
    /// <param name="request"><see cref="NewJob.Request"/>.</param>
    /// <exception cref="FailedPreconditionException">Another version stored it (<c>JOB_FORMAT</c>).</exception>
    internal static T Read<T>(string request)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(request, Options) ?? throw new JsonException();
        }
        catch (JsonException exception)
        {
            throw new FailedPreconditionException(
                "JOB_FORMAT", "The job was stored by another version of the platform, which this one cannot read; send the request again.",
                exception);
        }
    }

    private static JsonSerializerOptions Create()
    {
        JsonSerializerOptions options = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };
        options.Converters.Add(new JsonStringEnumConverter());
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
