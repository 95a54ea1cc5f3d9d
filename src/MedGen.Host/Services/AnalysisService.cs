using System.Runtime.CompilerServices;
using Grpc.Core;
using MedGen.Application.Analysis;
using MedGen.Application.Streaming;
using MedGen.Host.Mapping;
using MedGen.Sdk.Analysis;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using MediatR;
using Proto = MedGen.Protos.V1;

namespace MedGen.Host.Services;

internal sealed class AnalysisService(ISender sender, JobFollower follower, IHostApplicationLifetime lifetime) : Proto.Analysis.AnalysisBase
{
    public const int MaxWidth = 3840;
    public const int MaxHeight = 2160;

    public override async Task AnalyzeVideo(
        Proto.AnalyzeVideoRequest request, IServerStreamWriter<Proto.JobEvent> responseStream, ServerCallContext context) =>
        await follower.FollowAsync(
            await sender.Send(request.ToMessage(), context.CancellationToken)
                .ConfigureAwait(false), request.Options, responseStream, context.CancellationToken).ConfigureAwait(false);

    public override async Task StreamFrames(
        IAsyncStreamReader<Proto.StreamFramesRequest> requestStream,
        IServerStreamWriter<Proto.StreamFramesResponse> responseStream,
        ServerCallContext context)
    {
        // A live call has no end of its own, so the stop of the host ends it.
        using CancellationTokenSource stopping =
            CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        try
        {
            Proto.StreamFramesConfig config = await ReadConfigAsync(requestStream, stopping.Token).ConfigureAwait(false);
            AnalyzeStream message = new()
            {
                Task = config.Task,
                PluginId = config.PluginId.NullIfEmpty(),
                Parameters = config.Parameters.ToJson(),
                Info = new VideoInfo
                {
                    Width = config.Width,
                    Height = config.Height,
                    FrameRate = config.FramesPerSecond == 0 ? null : config.FramesPerSecond,
                },
                Frames = ReadFramesAsync(requestStream, config, stopping.Token),
            };
            StreamedAnswer<LiveAnalysis> answers = await sender.Send(message, stopping.Token).ConfigureAwait(false);
            await foreach (LiveAnalysis answer in answers.WithCancellation(stopping.Token).ConfigureAwait(false))
            {
                await responseStream.WriteAsync(ToResponse(answer), stopping.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            throw new UnavailableException("HOST_STOPPING", "The host stops; start the stream again when it is back.");
        }
    }

    private static async Task<Proto.StreamFramesConfig> ReadConfigAsync(
        IAsyncStreamReader<Proto.StreamFramesRequest> requestStream, CancellationToken cancellationToken)
    {
        if (!await requestStream.MoveNext(cancellationToken).ConfigureAwait(false)
            || requestStream.Current is not { PartCase: Proto.StreamFramesRequest.PartOneofCase.Config, Config: Proto.StreamFramesConfig config })
        {
            throw new InvalidInputException("config", "The first message must hold the configuration.");
        }

        Violations violations = new();
        violations.Within<int>("config.width", config.Width, 1, MaxWidth);
        violations.Within<int>("config.height", config.Height, 1, MaxHeight);
        violations.Within<double>("config.frames_per_second", config.FramesPerSecond, 0, 240);
        violations.ThrowIfAny();
        return config;
    }

    private static async IAsyncEnumerable<VideoFrame> ReadFramesAsync(
        IAsyncStreamReader<Proto.StreamFramesRequest> requestStream,
        Proto.StreamFramesConfig config,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        TimeSpan previous = TimeSpan.Zero;
        for (long index = 0; await requestStream.MoveNext(cancellationToken).ConfigureAwait(false); index++)
        {
            if (requestStream.Current is not { PartCase: Proto.StreamFramesRequest.PartOneofCase.Frame, Frame: Proto.RawFrame raw })
            {
                throw new InvalidInputException("frame", $"Message {index + 2} holds no frame; after the configuration only frames are allowed.");
            }

            TimeSpan timestamp = raw.Timestamp.ToTimeSpan("frame.timestamp") ?? TimeSpan.Zero;
            if (timestamp < previous)
            {
                throw new InvalidInputException("frame.timestamp", $"Frame {index} is at {timestamp}, before its predecessor at {previous}.");
            }

            previous = timestamp;
            long expected = 3L * config.Width * config.Height;
            if (raw.Rgb24.Length != expected)
            {
                throw new InvalidInputException(
                    "frame.rgb24", $"Frame {index} has {raw.Rgb24.Length} bytes; {config.Width} x {config.Height} px in RGB24 are {expected}.");
            }

            VideoFrame frame = VideoFrame.Rent(config.Width, config.Height, index, timestamp);
            raw.Rgb24.Span.CopyTo(frame.WritablePixels.Span);
            yield return frame;
        }
    }

    private static Proto.StreamFramesResponse ToResponse(LiveAnalysis answer) => answer.Update switch
    {
        InterimFindings interim => new() { Findings = FindingMapping.ToProto(interim.Findings, interim: true, answer.Analyzer) },
        FinalFindings final => new() { Findings = FindingMapping.ToProto(final.Findings, interim: false, answer.Analyzer) },
        AnalysisCompleted completed => new() { Summary = FindingMapping.ToProto(completed.FramesAnalyzed, answer.Analyzer) },
        _ => throw new InvalidOperationException($"An answer is of the unknown kind {answer.Update.GetType().Name}."),
    };
}
