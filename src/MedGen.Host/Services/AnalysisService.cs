using System.Runtime.CompilerServices;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using MedGen.Abstractions.Classification;
using MedGen.Abstractions.Errors;
using MedGen.Abstractions.Frames;
using MedGen.Application.Analysis;
using MedGen.Application.Jobs;
using MedGen.Host.Mapping;
using MediatR;
using Proto = MedGen.Protos.V1;

namespace MedGen.Host.Services;

internal sealed class AnalysisService(ISender sender, JobFollower follower, IHostApplicationLifetime lifetime) : Proto.Analysis.AnalysisBase
{
    public const int MaxWidth = 3840;
    public const int MaxHeight = 2160;

    public override async Task ClassifyVideo(
        Proto.ClassifyVideoRequest request, IServerStreamWriter<Proto.ClassifyVideoResponse> responseStream, ServerCallContext context)
    {
        ClassifyVideo message = new()
        {
            ArtifactId = request.ArtifactId,
            Task = request.Task,
            PluginId = request.PluginId.NullIfEmpty(),
            Parameters = request.Parameters.Count == 0 ? null : new Dictionary<string, string>(request.Parameters),
            IncludeFrames = !request.OmitFrames,
            Priority = (request.Options?.Priority ?? Proto.JobPriority.Unspecified).ToMessage(),
            Timeout = request.Options?.Timeout.ToTimeSpan("options.timeout"),
            IdempotencyKey = request.Options?.IdempotencyKey.NullIfEmpty(),
        };
        Job job = await sender.Send(message, context.CancellationToken).ConfigureAwait(false);
        await follower.FollowAsync(
            job,
            request.Options?.CancelOnDisconnect ?? false,
            responseStream,
            new() { Time = Timestamp.FromDateTimeOffset(job.CreatedAt), Accepted = job.ToProto() },
            ToResponse,
            context.CancellationToken).ConfigureAwait(false);
    }

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
            ClassifyStream message = new()
            {
                Task = config.Task,
                PluginId = config.PluginId.NullIfEmpty(),
                Parameters = config.Parameters.Count == 0 ? null : new Dictionary<string, string>(config.Parameters),
                Info = new VideoInfo
                {
                    Width = config.Width,
                    Height = config.Height,
                    FrameRate = config.FramesPerSecond == 0 ? null : config.FramesPerSecond,
                },
                Frames = ReadFramesAsync(requestStream, config, stopping.Token),
            };
            await foreach (LiveClassification answer in sender.CreateStream(message, stopping.Token).ConfigureAwait(false))
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

        List<FieldViolation> violations = [];
        if (config.Width is < 1 or > MaxWidth)
        {
            violations.Add(new("config.width", $"Got {config.Width} px; allowed are 1 to {MaxWidth}."));
        }

        if (config.Height is < 1 or > MaxHeight)
        {
            violations.Add(new("config.height", $"Got {config.Height} px; allowed are 1 to {MaxHeight}."));
        }

        if (config.FramesPerSecond is not (>= 0 and <= 240))
        {
            violations.Add(new("config.frames_per_second", $"Got {config.FramesPerSecond}; allowed are 0 (not known) to 240 frames per second."));
        }

        return violations.Count == 0 ? config : throw new InvalidInputException(violations);
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

    private static Proto.StreamFramesResponse ToResponse(LiveClassification answer) => answer.Update switch
    {
        FramePrediction frame => new() { Frame = frame.ToProto(answer.Classifier) },
        TransitionDetected transition => new() { Transition = transition.ToProto() },
        ClipPrediction clip => new() { Clip = clip.ToProto(answer.Classifier) },
        _ => throw new InvalidOperationException($"An answer is of the unknown kind {answer.Update.GetType().Name}."),
    };

    private static Proto.ClassifyVideoResponse? ToResponse(JobEvent happened)
    {
        Proto.ClassifyVideoResponse response = new() { EventNumber = happened.Number, Time = Timestamp.FromDateTimeOffset(happened.Time) };
        switch (happened.Payload)
        {
            case JobStateChanged state:
                response.State = state.ToProto();
                return response;
            case JobProgressed progress:
                response.Progress = progress.ToProto();
                return response;
            case FrameClassified frame:
                response.Frame = frame.Prediction.ToProto(frame.Classifier);
                return response;
            case TransitionClassified changed:
                response.Transition = changed.Transition.ToProto();
                return response;
            case ClipClassified clip:
                response.Clip = clip.Prediction.ToProto(clip.Classifier);
                return response;
            default:
                return null;
        }
    }
}
