using MedGen.Application.Analysis;
using Proto = MedGen.Protos.V1;

namespace MedGen.Host.Mapping;

internal static class AnalysisMapping
{
    public static ClassifyVideo ToMessage(this Proto.ClassifyVideoRequest request) => new()
    {
        ArtifactId = request.ArtifactId,
        Task = request.Task,
        PluginId = request.PluginId.NullIfEmpty(),
        Parameters = request.Parameters.Count == 0 ? null : request.Parameters.ToDictionary(),
        IncludeFrames = !request.OmitFrames,
        Priority = (request.Options?.Priority ?? Proto.JobPriority.Unspecified).ToMessage(),
        Timeout = request.Options?.Timeout.ToTimeSpan("options.timeout"),
        IdempotencyKey = request.Options?.IdempotencyKey.NullIfEmpty(),
    };
}
