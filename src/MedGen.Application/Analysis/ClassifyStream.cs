using System.Diagnostics.CodeAnalysis;
using MedGen.Abstractions.Frames;
using MedGen.Application.Access;
using MedGen.Application.Auditing;
using MediatR;

namespace MedGen.Application.Analysis;

/// <summary>
/// Classifies frames while they arrive: an answer follows each analysed frame at once, the answer for all of them comes when the frames end.
/// Not a job: it ends with the caller.
/// </summary>
[RequiresRole(Role.Operator)]
[SuppressMessage("Naming", "CA1711", Justification = "A verb and its object, not a System.IO.Stream.")]
public sealed record ClassifyStream : IStreamRequest<LiveClassification>, IAuditedMessage
{
    /// <summary>Task of the classifier, for instance <c>imaging-modality</c>.</summary>
    public required string Task { get; init; }

    /// <summary>Id of the plugin that classifies; null: the first active one with the task.</summary>
    public string? PluginId { get; init; }

    /// <summary>Parameters of the classifier by name; null: its defaults. At most 32, names up to 64 and values up to 256 characters.</summary>
    public IReadOnlyDictionary<string, string>? Parameters { get; init; }

    /// <summary>What is known of the stream: size in px, and frames per second if the sender knows it.</summary>
    public required VideoInfo Info { get; init; }

    /// <summary>The frames, in order. They are taken one at a time; whoever takes a frame disposes it.</summary>
    public required IAsyncEnumerable<VideoFrame> Frames { get; init; }

    string? IAuditedMessage.AuditSubject => PluginId is null ? null : $"plugin:{PluginId}";
}
