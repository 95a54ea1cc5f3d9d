using MedGen.Abstractions.Errors;
using Status = Google.Rpc.Status;

namespace MedGen.Host.Errors;

/// <summary>Decides what a caller is told of an error and what the log keeps of it.</summary>
internal sealed class ErrorReporter(TimeProvider timeProvider, ILogger<ErrorReporter> logger)
{
    /// <summary>Describes an error for the caller; an unexpected one is logged under an id that the caller gets.</summary>
    /// <param name="error">The error.</param>
    /// <param name="call">The method or route, for the log.</param>
    /// <param name="aborted">Cancelled when the call has ended on the caller's side.</param>
    /// <param name="deadline">When the caller stops waiting; null: never.</param>
    public Status Describe(Exception error, string call, CancellationToken aborted, DateTimeOffset? deadline)
    {
        if (error is MedGenException known && ErrorMapping.Describe(known) is Status status)
        {
            logger.CallRefused(call, (Google.Rpc.Code)status.Code, known.Reason);
            return status;
        }

        // When a caller goes away, reading from it fails in several ways; all of them mean this.
        if (error is OperationCanceledException || aborted.IsCancellationRequested)
        {
            bool deadlinePassed = deadline <= timeProvider.GetUtcNow();
            logger.CallEnded(call, deadlinePassed);
            return ErrorMapping.DescribeCancelled(deadlinePassed);
        }

        string errorId = Guid.NewGuid().ToString("n");
        logger.CallFailed(error, call, errorId);
        return ErrorMapping.DescribeUnexpected(errorId);
    }
}
