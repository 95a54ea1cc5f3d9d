using Grpc.Core;

namespace MedGen.Host.Errors;

/// <summary>
/// Writes whole messages: to cancel one that is being written would break the stream, and the caller would not be told why the call ends.
/// </summary>
internal static class CheckedResponseStream
{
    public static IServerStreamWriter<T> Check<T>(this IServerStreamWriter<T> responses) => new Writer<T>(responses);

    private sealed class Writer<T>(IServerStreamWriter<T> inner) : IServerStreamWriter<T>
    {
        public WriteOptions? WriteOptions
        {
            get => inner.WriteOptions;
            set => inner.WriteOptions = value;
        }

        public Task WriteAsync(T message) => WriteAsync(message, CancellationToken.None);

        public Task WriteAsync(T message, CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return inner.WriteAsync(message, CancellationToken.None);
        }
    }
}
