using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using MedGen.Application.Access;
using MedGen.Application.Auditing;
using MedGen.Application.Jobs;
using MedGen.Application.Plugins;
using MedGen.Application.Streaming;
using MedGen.Application.Validation;
using MedGen.Sdk.Analysis;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Parameters;
using MedGen.Sdk.Plugins;
using MediatR;

namespace MedGen.Application.Analysis;

/// <summary>
/// Analyses frames while they arrive: the findings of each frame follow at once, those of all of them when the frames end. Not a job: it ends with
/// the caller.
/// </summary>
[SuppressMessage("Naming", "CA1711", Justification = "A verb and its object, not a System.IO.Stream.")]
[Operation("StreamFrames")]
public sealed record AnalyzeStream : IRequest<StreamedAnswer<LiveAnalysis>>, IAuditedMessage, ICheckedMessage
{
    private const int MaxSide = 16_384;

    /// <summary>Task of the analyzer, for instance <c>imaging-modality</c>.</summary>
    [Identifier]
    public required string Task { get; init; }

    /// <summary>Id of the plugin that analyses; null: the one that serves the task.</summary>
    [Identifier]
    public string? PluginId { get; init; }

    /// <summary>Parameters as a JSON object that keeps the analyzer's schema; null: its defaults. At most 65,536 bytes.</summary>
    [Parameters]
    public string? Parameters { get; init; }

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

internal sealed class AnalyzeStreamHandler(IPluginCatalog catalog, PluginCalls calls) : IRequestHandler<AnalyzeStream, StreamedAnswer<LiveAnalysis>>
{
    public Task<StreamedAnswer<LiveAnalysis>> Handle(AnalyzeStream request, CancellationToken cancellationToken) =>
        Task.FromResult(new StreamedAnswer<LiveAnalysis>(AnalyzeAsync(request, cancellationToken)));

    private async IAsyncEnumerable<LiveAnalysis> AnalyzeAsync(
        AnalyzeStream request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using PluginLease<IVideoAnalyzer> lease = await catalog.AcquireAsync<IVideoAnalyzer>(
            CapabilityKinds.Analysis, request.Task, request.PluginId, cancellationToken).ConfigureAwait(false);
        AnalyzerDescription description = lease.Service.Describe();
        Violations violations = new();
        InputRules.CheckLive(description, request.Info, violations);
        violations.ThrowIfAny();
        AnalyzerInput input = description.Inputs[0];
        IVideoClip clip = FormattedClip.For(input, new LiveClip(request.Info, request.Frames))
            ?? throw new InvalidInputException(
                "task", $"is served by an analyzer of frames in {string.Join(", ", input.Formats)}; live ones have none.");
        AnalysisRequest asked = new()
        {
            Inputs = [new InputClip { Role = input.Role, Clip = clip }],
            Parameters = request.Parameters ?? ParameterSchema.NoParameters,
        };
        ParameterRules.ThrowIfBroken(description.ParametersSchema, asked.Parameters);
        await calls.AskAsync(lease, (analyzer, token) => analyzer.ValidateAsync(asked, token), cancellationToken).ConfigureAwait(false);
        AnalyzerIdentity identity = AnalyzerIdentity.Of(lease, description);
        IAsyncEnumerable<AnalysisUpdate> updates = CheckedAnalysis.RunAsync(calls, lease, description, asked, cancellationToken);
        await foreach (AnalysisUpdate update in updates.ConfigureAwait(false))
        {
            if (update is not AnalysisProgress)
            {
                yield return new LiveAnalysis { Update = update, Analyzer = identity };
            }
        }
    }
}
