using System.Runtime.CompilerServices;
using Grpc.Core;

namespace MedGen.Client;

/// <summary>Runs calls and turns gRPC's errors into the client's.</summary>
internal static class RpcCalls
{
    public static async Task<T> AnswerAsync<T>(AsyncUnaryCall<T> call, CancellationToken cancellationToken)
    {
        using (call)
        {
            try
            {
                return await call.ResponseAsync.ConfigureAwait(false);
            }
            catch (RpcException exception)
            {
                throw Translate(exception, cancellationToken);
            }
        }
    }

    public static async IAsyncEnumerable<T> AnswersAsync<T>(
        AsyncServerStreamingCall<T> call, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using (call)
        {
            while (await MoveNextAsync(call.ResponseStream, cancellationToken).ConfigureAwait(false))
            {
                yield return call.ResponseStream.Current;
            }
        }
    }

    /// <summary>Sends a message of a stream. False: the call has ended, and its answer says why.</summary>
    public static async Task<bool> SendAsync<T>(IClientStreamWriter<T> stream, T message, CancellationToken cancellationToken)
    {
        try
        {
            await stream.WriteAsync(message, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (Exception exception) when (exception is RpcException or InvalidOperationException or IOException)
        {
            // The host ended the call, or its connection broke in the middle of the message.
            return false;
        }
    }

    /// <summary>Says that a stream has no more messages; if the call has ended, its answer says why.</summary>
    public static async Task CompleteAsync<T>(IClientStreamWriter<T> stream)
    {
        try
        {
            await stream.CompleteAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is RpcException or InvalidOperationException or IOException)
        {
            // As above.
        }
    }

    public static async Task<bool> MoveNextAsync<T>(IAsyncStreamReader<T> stream, CancellationToken cancellationToken)
    {
        try
        {
            return await stream.MoveNext(cancellationToken).ConfigureAwait(false);
        }
        catch (RpcException exception)
        {
            throw Translate(exception, cancellationToken);
        }
    }

    /// <summary>The caller's own cancel stays a cancel; everything else becomes the client's error.</summary>
    public static Exception Translate(RpcException exception, CancellationToken cancellationToken) =>
        exception.StatusCode == StatusCode.Cancelled && cancellationToken.IsCancellationRequested
            ? new OperationCanceledException(exception.Status.Detail, exception, cancellationToken)
            : new MedGenRpcException(exception);
}
