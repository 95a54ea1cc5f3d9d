using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using MedGen.Sdk.Errors;
using Status = Google.Rpc.Status;

namespace MedGen.Host.Errors;

/// <summary>The one place where errors become status codes with details.</summary>
internal static class ErrorMapping
{
    public const string Domain = "medgen";

    /// <summary>What a caller is told of an error.</summary>
    public static Status Describe(MedGenException error)
    {
        ErrorInfo info = new() { Reason = error.Reason, Domain = Domain, Metadata = { error.Metadata.ToDictionary() } };
        Status status = Create(CodeOf(error), error.Message, info);
        status.Details.AddRange(DetailsOf(error).Select(Any.Pack));
        return status;
    }

    /// <summary>What a caller is told of an error that is not meant for callers.</summary>
    /// <param name="errorId">The id that the log has.</param>
    public static Status DescribeUnexpected(string errorId)
    {
        ErrorInfo info = new() { Reason = "INTERNAL", Domain = Domain, Metadata = { ["error_id"] = errorId } };
        return Create(Code.Internal, $"Something went wrong inside; the host's log has it under {errorId}.", info);
    }

    /// <summary>What a caller is told of a request that HTTP itself refuses.</summary>
    /// <param name="reason">The reason, for programs.</param>
    /// <param name="message">The reason, for people.</param>
    public static Status DescribeBadRequest(string reason, string message) =>
        Create(Code.InvalidArgument, message, new ErrorInfo { Reason = reason, Domain = Domain });

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

    // Servers that are away come back: clients that follow a job come again by themselves, as they do when a host is away.
    private static Code CodeOf(MedGenException error) =>
        error is ResourceExhaustedException { Reason: "DATABASE_UNAVAILABLE" or "CLUSTER_UNAVAILABLE" } ? Code.Unavailable : (Code)error.Code;

    private static IEnumerable<IMessage> DetailsOf(MedGenException error) => error switch
    {
        InvalidInputException e => [ToBadRequest(e.Violations)],
        ResourceNotFoundException e => [new ResourceInfo { ResourceType = e.ResourceType, ResourceName = e.ResourceId, Description = e.Message }],
        JobEndedException { Violations: { Count: > 0 } violations } => [ToBadRequest(violations)],
        { RetryAfter: { } after } => [ToRetryInfo(after)],
        _ => [],
    };

    private static RetryInfo ToRetryInfo(TimeSpan after) => new() { RetryDelay = Duration.FromTimeSpan(after) };

    private static BadRequest ToBadRequest(IEnumerable<FieldViolation> violations) =>
        new() { FieldViolations = { violations.Select(v => new BadRequest.Types.FieldViolation { Field = v.Field, Description = v.Description }) } };

    private static Status Create(Code code, string message, ErrorInfo info) =>
        new() { Code = (int)code, Message = message, Details = { Any.Pack(info) } };
}
