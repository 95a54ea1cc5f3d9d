using MedGen.Sdk.Errors;
using Status = Google.Rpc.Status;

namespace MedGen.Host.Errors;

/// <summary>Decides what a caller is told of an error and what the log keeps of it.</summary>
internal sealed class ErrorReporter(TimeProvider timeProvider, ILogger<ErrorReporter> logger)
{
    /// <summary>Describes an error for the caller; an unexpected one is logged under an id that the caller gets.</summary>
    /// <param name="error">The error.</param>
    /// <param name="call">The method or route, for the log.</param>
    /// <param name="deadline">When the caller stops waiting; null: never.</param>
    /// <param name="aborted">Cancelled when the call has ended on the caller's side.</param>
    public Status Describe(Exception error, string call, DateTimeOffset? deadline, CancellationToken aborted)
    {
        if (error is MedGenException known)
        {
            logger.CallRefused(call, known.Code, known.Reason);
            return ErrorMapping.Describe(known);
        }

        if (error is BadHttpRequestException bad)
        {
            // Too slow, too long, cut off: the server's words about the request, not about the host.
            string reason = bad.StatusCode == StatusCodes.Status408RequestTimeout ? "REQUEST_TIMEOUT" : "BAD_REQUEST";
            logger.CallRefused(call, ErrorCode.InvalidArgument, reason);
            return ErrorMapping.DescribeBadRequest(reason, bad.Message);
        }

        // When a caller goes away, reading from it and writing to it fail in several ways; all of them mean this.
        // The server ends a call at its deadline a moment before it cancels the call's token.
        bool deadlinePassed = deadline <= timeProvider.GetUtcNow();
        if (error is OperationCanceledException || deadlinePassed || aborted.IsCancellationRequested)
        {
            logger.CallEnded(call, deadlinePassed);
            return ErrorMapping.DescribeCancelled(deadlinePassed);
        }

        string errorId = Guid.NewGuid().ToString("n");

        // A message from below may hold a prompt or a patient's name: only the type and the place are logged.
        logger.CallFailed(call, errorId, error.GetType().FullName ?? "", error.StackTrace);
        return ErrorMapping.DescribeUnexpected(errorId);
    }
}
