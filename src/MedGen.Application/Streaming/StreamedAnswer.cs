using System.Runtime.CompilerServices;
using MedGen.Application.Auditing;

namespace MedGen.Application.Streaming;

/// <summary>
/// An answer that comes item by item, so that a message which streams passes the same pipeline as every other. It can be read once.
/// </summary>
public abstract class StreamedAnswer
{
    /// <summary>The same items, held within something that opens before the first and is disposed after the last.</summary>
    internal abstract StreamedAnswer Within(Func<IDisposable> open);

    /// <summary>
    /// The same items; says once how the stream ended, in the words of <see cref="MessageOutcome"/>. A consumer who stops asking counts as cancelled.
    /// </summary>
    internal abstract StreamedAnswer Watched(Func<string, Task> ended);
}

/// <inheritdoc cref="StreamedAnswer" />
/// <typeparam name="T">Type of the items.</typeparam>
/// <param name="items">The items.</param>
public sealed class StreamedAnswer<T>(IAsyncEnumerable<T> items) : StreamedAnswer, IAsyncEnumerable<T>
{
    /// <inheritdoc />
    public IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default) => items.GetAsyncEnumerator(cancellationToken);

    internal override StreamedAnswer Within(Func<IDisposable> open) => new StreamedAnswer<T>(HoldAsync(open));

    internal override StreamedAnswer Watched(Func<string, Task> ended) => new StreamedAnswer<T>(WatchAsync(ended));

    private async IAsyncEnumerable<T> HoldAsync(Func<IDisposable> open, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using IDisposable held = open();
        await foreach (T item in items.WithCancellation(cancellationToken))
        {
            yield return item;
        }
    }

    private async IAsyncEnumerable<T> WatchAsync(Func<string, Task> ended, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        string outcome = MessageOutcome.Cancelled;
        try
        {
            IAsyncEnumerator<T> enumerator = items.GetAsyncEnumerator(cancellationToken);
            await using ConfiguredAsyncDisposable enumeratorDisposal = enumerator.ConfigureAwait(false);
            while (true)
            {
                try
                {
                    if (!await enumerator.MoveNextAsync().ConfigureAwait(false))
                    {
                        break;
                    }
                }
                catch (Exception exception)
                {
                    outcome = MessageOutcome.Of(exception);
                    throw;
                }

                yield return enumerator.Current;
            }

            outcome = MessageOutcome.Ok;
        }
        finally
        {
            await ended(outcome).ConfigureAwait(false);
        }
    }
}
