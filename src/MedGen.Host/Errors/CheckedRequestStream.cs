using Google.Protobuf;
using Grpc.Core;
using MedGen.Sdk.Errors;

namespace MedGen.Host.Errors;

/// <summary>What is malformed in a stream of requests is the caller's fault, and said so.</summary>
internal static class CheckedRequestStream
{
    public static IAsyncStreamReader<T> Check<T>(this IAsyncStreamReader<T> requests) => new Reader<T>(requests);

    public static InvalidInputException Malformed() =>
        new("message", "Got bytes that are no message of this call; allowed: protobuf as in protos/medgen/v1, compressed as its header says.");

    private sealed class Reader<T>(IAsyncStreamReader<T> inner) : IAsyncStreamReader<T>
    {
        public T Current => inner.Current;

        public async Task<bool> MoveNext(CancellationToken cancellationToken)
        {
            try
            {
                return await inner.MoveNext(cancellationToken).ConfigureAwait(false);
            }
            catch (Exception error) when (error is InvalidProtocolBufferException or InvalidDataException
                or RpcException { StatusCode: StatusCode.Internal or StatusCode.Unknown })
            {
                throw Malformed();
            }
            catch (IOException broken)
            {
                // A moment later the call's token would say so, too.
                throw new OperationCanceledException("The caller broke the stream off.", broken);
            }
        }
    }
}
