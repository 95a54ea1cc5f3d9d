using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using Grpc.Core;
using MedGen.Protos.V1;

namespace MedGen.Client;

/// <summary>What clips show.</summary>
public sealed class AnalysisClient
{
    private static readonly TimeSpan SourceGrace = TimeSpan.FromSeconds(1);

    private readonly Analysis.AnalysisClient _rpc;

    internal AnalysisClient(Analysis.AnalysisClient rpc) => _rpc = rpc;

    /// <summary>Analyses stored clips and follows the job. Leaving the stream does not stop the job unless its options say so.</summary>
    /// <param name="request">Which clips, which task.</param>
    /// <param name="cancellationToken">Leaves the stream.</param>
    /// <returns>The job's events; the first carries the accepted job.</returns>
    /// <exception cref="MedGenRpcException">The request is wrong, or the job failed.</exception>
    public IAsyncEnumerable<JobEvent> AnalyzeAsync(AnalyzeVideoRequest request, CancellationToken cancellationToken = default) =>
        RpcCalls.AnswersAsync(_rpc.AnalyzeVideo(request, cancellationToken: cancellationToken), cancellationToken);

    /// <summary>Analyses frames while they are made.</summary>
    /// <param name="config">Task and size of the frames.</param>
    /// <param name="frames">The frames, in the order of their time.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The findings of each analysed frame and, after the last frame, those of all and a summary.</returns>
    /// <exception cref="MedGenRpcException">The host refused a message. What the frames' source throws reaches the caller as it is.</exception>
    public async IAsyncEnumerable<StreamFramesResponse> StreamFramesAsync(
        StreamFramesConfig config, IAsyncEnumerable<RawFrame> frames, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using AsyncDuplexStreamingCall<StreamFramesRequest, StreamFramesResponse> call = _rpc.StreamFrames(cancellationToken: stop.Token);
        Source source = new();
        Task sending = SendAsync(call.RequestStream, config, frames, source, stop);
        try
        {
            while (await MoveNextAsync(call.ResponseStream, source, cancellationToken).ConfigureAwait(false))
            {
                yield return call.ResponseStream.Current;
            }
        }
        finally
        {
            // A source that does not listen to its token, such as a camera without a frame, is not waited for: the host has its say.
            await stop.CancelAsync().ConfigureAwait(false);
            await Task.WhenAny(sending, Task.Delay(SourceGrace, CancellationToken.None)).ConfigureAwait(false);
        }
    }

    // A source of frames that fails ends the call, which would wait for its next frame; its error is the caller's.
    private static async Task SendAsync(
        IClientStreamWriter<StreamFramesRequest> stream, StreamFramesConfig config, IAsyncEnumerable<RawFrame> frames, Source source,
        CancellationTokenSource stop)
    {
        try
        {
            CancellationToken token = stop.Token;
            bool open = await RpcCalls.SendAsync(stream, new StreamFramesRequest { Config = config }, token).ConfigureAwait(false);
            await foreach (RawFrame frame in frames.WithCancellation(token).ConfigureAwait(false))
            {
                open = open && await RpcCalls.SendAsync(stream, new StreamFramesRequest { Frame = frame }, token).ConfigureAwait(false);
                if (!open)
                {
                    return;
                }
            }

            await RpcCalls.CompleteAsync(stream).ConfigureAwait(false);
        }
        catch (Exception exception) when (!stop.IsCancellationRequested)
        {
            source.Error = ExceptionDispatchInfo.Capture(exception);
            await stop.CancelAsync().ConfigureAwait(false);
        }
        catch (Exception)
        {
            // The call is over: nobody asks for its frames any more.
        }
    }

    private static async Task<bool> MoveNextAsync(
        IAsyncStreamReader<StreamFramesResponse> responses, Source source, CancellationToken cancellationToken)
    {
        try
        {
            return await RpcCalls.MoveNextAsync(responses, cancellationToken).ConfigureAwait(false);
        }
        catch (MedGenRpcException) when (source.Error is not null)
        {
            source.Error.Throw();
            throw;
        }
    }

    // Set before the call is cancelled for it.
    private sealed class Source
    {
        public volatile ExceptionDispatchInfo? Error;
    }
}
