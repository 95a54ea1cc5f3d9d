using MedGen.Sdk.Errors;
using Microsoft.Extensions.Logging;

namespace MedGen.WebConsole.Messages;

/// <summary>Decides what a person is told of an error, and what the log keeps of it.</summary>
internal sealed partial class FailureReporter(ILogger<FailureReporter> logger)
{
    /// <summary>Describes an error; one that is not meant for callers is logged under an id that the person gets.</summary>
    public Failure Describe(Exception error)
    {
        switch (error)
        {
            case InvalidInputException wrong:
                return new Failure(wrong.Message) { Violations = wrong.Violations };
            case MedGenException known:
                return new Failure(known.Message)
                {
                    NeedsSignIn = known is UnauthenticatedException,

                    // A host that stops takes the page with it.
                    MayPass = known.RetryAfter is not null && known.Reason != "HOST_STOPPING",
                };
            default:
                string id = Guid.NewGuid().ToString("n");

                // A message from below may hold a prompt or a patient's name: only the type and the place are logged.
                PageFailed(logger, id, error.GetType().FullName ?? "", error.StackTrace);
                return new Failure($"Something went wrong inside; the host's log has it under {id}.");
        }
    }

    [LoggerMessage(12000, LogLevel.Error, "A page of the console failed, {ErrorId}, {ExceptionType}: {StackTrace}")]
    private static partial void PageFailed(ILogger logger, string errorId, string exceptionType, string? stackTrace);
}
