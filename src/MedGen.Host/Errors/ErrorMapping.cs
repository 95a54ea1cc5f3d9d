using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using MedGen.Abstractions.Errors;
using Status = Google.Rpc.Status;

namespace MedGen.Host.Errors;

/// <summary>The one place where errors become status codes with details.</summary>
internal static class ErrorMapping
{
    public const string Domain = "medgen";

    /// <summary>What a caller is told of an error; null: the error is not meant for callers and only its log id may leave the process.</summary>
    public static Status? Describe(MedGenException error) => error switch
    {
        InvalidInputException e => Create(Code.InvalidArgument, e, ToBadRequest(e)),
        MediaException e => Create(Code.InvalidArgument, e),
        ResourceNotFoundException e => Create(
            Code.NotFound, e, new ResourceInfo { ResourceType = e.ResourceType, ResourceName = e.ResourceId, Description = e.Message }),
        FailedPreconditionException e => Create(Code.FailedPrecondition, e),
        ModelFormatException e => Create(Code.FailedPrecondition, e),
        ResourceExhaustedException { RetryAfter: TimeSpan retryAfter } e => Create(
            Code.ResourceExhausted, e, new RetryInfo { RetryDelay = Duration.FromTimeSpan(retryAfter) }),
        ResourceExhaustedException e => Create(Code.ResourceExhausted, e),
        DeadlineExceededException e => Create(Code.DeadlineExceeded, e),
        UnauthenticatedException e => Create(Code.Unauthenticated, e),
        AccessDeniedException e => Create(Code.PermissionDenied, e),
        DeviceFaultException e => Create(Code.Unavailable, e),
        UnavailableException e => Create(Code.Unavailable, e),
        JobEndedException e => Create(e.Code, e),
        _ => null,
    };

    /// <summary>What a caller is told of an error that is not meant for callers.</summary>
    /// <param name="errorId">The id that the log has.</param>
    public static Status DescribeUnexpected(string errorId)
    {
        ErrorInfo info = new() { Reason = "INTERNAL", Domain = Domain, Metadata = { ["error_id"] = errorId } };
        return Create(Code.Internal, $"Something went wrong inside; the host's log has it under {errorId}.", info);
    }

    /// <summary>What a caller is told when the call ended before its work did.</summary>
    /// <param name="deadlinePassed">Whether the call's own deadline was the cause.</param>
    public static Status DescribeCancelled(bool deadlinePassed) => deadlinePassed
        ? Create(Code.DeadlineExceeded, "The call's deadline passed.", new ErrorInfo { Reason = "DEADLINE_EXCEEDED", Domain = Domain })
        : Create(Code.Cancelled, "The call was cancelled.", new ErrorInfo { Reason = "CANCELLED", Domain = Domain });

    /// <summary>The HTTP status that goes with a code, as in google/rpc/code.proto.</summary>
    public static int ToHttpStatus(Code code) => code switch
    {
        Code.InvalidArgument or Code.FailedPrecondition or Code.OutOfRange => StatusCodes.Status400BadRequest,
        Code.Unauthenticated => StatusCodes.Status401Unauthorized,
        Code.PermissionDenied => StatusCodes.Status403Forbidden,
        Code.NotFound => StatusCodes.Status404NotFound,
        Code.AlreadyExists or Code.Aborted => StatusCodes.Status409Conflict,
        Code.ResourceExhausted => StatusCodes.Status429TooManyRequests,
        Code.Cancelled => StatusCodes.Status499ClientClosedRequest,
        Code.Unimplemented => StatusCodes.Status501NotImplemented,
        Code.Unavailable => StatusCodes.Status503ServiceUnavailable,
        Code.DeadlineExceeded => StatusCodes.Status504GatewayTimeout,
        _ => StatusCodes.Status500InternalServerError,
    };

    private static BadRequest ToBadRequest(InvalidInputException error)
    {
        BadRequest badRequest = new();
        badRequest.FieldViolations.AddRange(
            error.Violations.Select(v => new BadRequest.Types.FieldViolation { Field = v.Field, Description = v.Description }));
        return badRequest;
    }

    private static Status Create(Code code, MedGenException error, Google.Protobuf.IMessage? detail = null)
    {
        ErrorInfo info = new() { Reason = error.Reason, Domain = Domain };
        info.Metadata.Add(error.Metadata.ToDictionary());
        Status status = Create(code, error.Message, info);
        if (detail is not null)
        {
            status.Details.Add(Any.Pack(detail));
        }

        return status;
    }

    private static Status Create(Code code, string message, ErrorInfo info) =>
        new() { Code = (int)code, Message = message, Details = { Any.Pack(info) } };
}
