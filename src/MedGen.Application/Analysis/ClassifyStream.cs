using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using MedGen.Application.Access;
using MedGen.Application.Auditing;
using MedGen.Application.Jobs;
using MedGen.Application.Plugins;
using MedGen.Application.Streaming;
using MedGen.Application.Validation;
using MedGen.Sdk.Classification;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Plugins;
using MediatR;

namespace MedGen.Application.Analysis;

/// <summary>
/// Classifies frames while they arrive: an answer follows each analysed frame at once, the answer for all of them comes when the frames end.
/// Not a job: it ends with the caller.
/// </summary>
[SuppressMessage("Naming", "CA1711", Justification = "A verb and its object, not a System.IO.Stream.")]
[Operation("StreamFrames")]
public sealed record ClassifyStream : IRequest<StreamedAnswer<LiveClassification>>, IAuditedMessage, ICheckedMessage
{
    private const int MaxSide = 16_384;

    /// <summary>Task of the classifier, for instance <c>imaging-modality</c>.</summary>
    [Identifier]
    public required string Task { get; init; }

    /// <summary>Id of the plugin that classifies; null: the first active one with the task.</summary>
    [Identifier]
    public string? PluginId { get; init; }

    /// <summary>Parameters of the classifier by name; null: its defaults. At most 32, names up to 64 and values up to 256 characters.</summary>
    [ClassifierParameters]
    public IReadOnlyDictionary<string, string>? Parameters { get; init; }

    /// <summary>What is known of the stream: size in px, and frames per second if the sender knows it.</summary>
    public required VideoInfo Info { get; init; }

    /// <summary>The frames, in order. They are taken one at a time; whoever takes a frame disposes it.</summary>
    public required IAsyncEnumerable<VideoFrame> Frames { get; init; }

    string? IAuditedMessage.AuditSubject => PluginId is null ? null : $"plugin:{PluginId}";

    void ICheckedMessage.Check(Violations violations)
    {
        violations.Within<int>("width", Info.Width, 1, MaxSide);
        violations.Within<int>("height", Info.Height, 1, MaxSide);
    }
}

internal sealed class ClassifyStreamHandler(IPluginCatalog catalog, TimeProvider time)
    : IRequestHandler<ClassifyStream, StreamedAnswer<LiveClassification>>
{
    public Task<StreamedAnswer<LiveClassification>> Handle(ClassifyStream request, CancellationToken cancellationToken) =>
        Task.FromResult(new StreamedAnswer<LiveClassification>(ClassifyAsync(request, cancellationToken)));

    private async IAsyncEnumerable<LiveClassification> ClassifyAsync(
        ClassifyStream request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using PluginLease<IVideoClassifier> lease = await catalog.AcquireAsync<IVideoClassifier>(
            PluginCapabilityKind.VideoClassifier, request.Task, request.PluginId, cancellationToken).ConfigureAwait(false);
        ClassifierIdentity classifier = ClassifierIdentity.Of(lease);
        LiveClip clip = new(request.Info, request.Frames);
        ClassificationOptions options = request.Parameters is { } parameters ? new() { Parameters = parameters } : ClassificationOptions.Default;
        IAsyncEnumerable<ClassificationUpdate> updates =
            PluginCall.Watch(lease, lease.Service.ClassifyAsync(clip, options, cancellationToken), time);
        await foreach (ClassificationUpdate update in updates.ConfigureAwait(false))
        {
            yield return new LiveClassification { Update = update, Classifier = classifier };
        }
    }
}
