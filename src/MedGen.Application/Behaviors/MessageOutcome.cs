using System.Runtime.CompilerServices;
using MedGen.Abstractions.Errors;

namespace MedGen.Application.Behaviors;

/// <summary>How a message ended, in one word for metrics and the audit log.</summary>
internal static class MessageOutcome
{
    /// <summary>It was served.</summary>
    public const string Ok = "ok";

    /// <summary>The caller left.</summary>
    public const string Cancelled = "CANCELLED";

    /// <summary>Something that nobody foresaw.</summary>
    public const string Internal = "INTERNAL";

    public static string Of(Exception exception) => exception switch
    {
        MedGenException known => known.Reason,
        OperationCanceledException => Cancelled,
        _ => Internal,
    };

    /// <summary>Passes a stream on and tells once how it ended: a consumer who stops asking counts as cancelled.</summary>
    public static async IAsyncEnumerable<T> WatchAsync<T>(
        IAsyncEnumerable<T> source, Func<string, Task> ended, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string outcome = Cancelled;
        try
        {
            await using IAsyncEnumerator<T> items = source.GetAsyncEnumerator(cancellationToken);
            while (true)
            {
                try
                {
                    if (!await items.MoveNextAsync())
                    {
                        break;
                    }
                }
                catch (Exception exception)
                {
                    outcome = Of(exception);
                    throw;
                }

                yield return items.Current;
            }

            outcome = Ok;
        }
        finally
        {
            await ended(outcome);
        }
    }
}
