using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using MedGen.Application.Analysis;
using Proto = MedGen.Protos.V1;

namespace MedGen.Host.Mapping;

internal static class AnalysisMapping
{
    public static AnalyzeVideo ToMessage(this Proto.AnalyzeVideoRequest request) => new()
    {
        Inputs = [.. request.Inputs.Select(input => new AnalysisInput
        {
            ArtifactId = input.ArtifactId, Role = input.Role.NullIfEmpty(), SliceArtifactIds = [.. input.SliceArtifactIds],
        })],
        Task = request.Task,
        PluginId = request.PluginId.NullIfEmpty(),
        Parameters = request.Parameters.ToJson(),
        IncludeInterim = !request.OmitInterim,
        Priority = (request.Options?.Priority ?? Proto.JobPriority.Unspecified).ToMessage(),
        Timeout = request.Options?.Timeout.ToTimeSpan("options.timeout"),
        IdempotencyKey = request.Options?.IdempotencyKey.NullIfEmpty(),
    };

    /// <summary>A JSON object as text; null: none is given.</summary>
    public static string? ToJson(this Struct? value) => value is null ? null : JsonFormatter.Default.Format(value);
}
