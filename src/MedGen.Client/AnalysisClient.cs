using System.Runtime.CompilerServices;
using Grpc.Core;
using MedGen.Protos.V1;

namespace MedGen.Client;

/// <summary>What clips show.</summary>
public sealed class AnalysisClient
{
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
        Task sending = SendAsync(call.RequestStream, config, frames, stop);
        try
        {
            while (await MoveNextAsync(call.ResponseStream, sending, cancellationToken).ConfigureAwait(false))
            {
                yield return call.ResponseStream.Current;
            }

            await sending.ConfigureAwait(false);
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // A source of frames that fails ends the call, which would wait for its next frame; its error is the caller's.
    private static async Task SendAsync(
        IClientStreamWriter<StreamFramesRequest> stream, StreamFramesConfig config, IAsyncEnumerable<RawFrame> frames, CancellationTokenSource stop)
    {
        try
        {
            bool open = await RpcCalls.SendAsync(stream, new StreamFramesRequest { Config = config }, stop.Token).ConfigureAwait(false);
            await foreach (RawFrame frame in frames.WithCancellation(stop.Token).ConfigureAwait(false))
            {
                open = open && await RpcCalls.SendAsync(stream, new StreamFramesRequest { Frame = frame }, stop.Token).ConfigureAwait(false);
                if (!open)
                {
                    return;
                }
            }

            await RpcCalls.CompleteAsync(stream).ConfigureAwait(false);
        }
        catch
        {
            await stop.CancelAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static async Task<bool> MoveNextAsync(
        IAsyncStreamReader<StreamFramesResponse> responses, Task sending, CancellationToken cancellationToken)
    {
        try
        {
            return await RpcCalls.MoveNextAsync(responses, cancellationToken).ConfigureAwait(false);
        }
        catch (MedGenRpcException) when (sending.IsFaulted)
        {
            await sending.ConfigureAwait(false);
            throw;
        }
    }
}
