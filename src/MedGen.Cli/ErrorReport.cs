using Grpc.Core;
using MedGen.Cli.Output;
using MedGen.Sdk.Errors;
using MedGen.Client;
using Microsoft.Extensions.Options;

namespace MedGen.Cli;

/// <summary>Turns what went wrong into a line on standard error and an exit code.</summary>
internal static class ErrorReport
{
    private const int UnixNoSpace = 28;
    private const int WindowsDiskFull = unchecked((int)0x80070070);

    public static int Write(Exception exception)
    {
        (int code, string message) = Describe(exception);
        Console.Error.WriteLine($"error: {Terminal.Shown(message)}");
        return code;
    }

    public static (int Code, string Message) Describe(Exception exception) => exception switch
    {
        OperationCanceledException => (ExitCode.Cancelled, "cancelled"),
        MedGenRpcException rpc => (CodeOf(rpc), WithDetails(rpc)),
        ResourceNotFoundException => (ExitCode.NotFound, exception.Message),
        FailedPreconditionException => (ExitCode.FailedPrecondition, exception.Message),
        DataLossException => (ExitCode.DataLoss, exception.Message),
        UnavailableException => (ExitCode.Unreachable, exception.Message),
        ResourceExhaustedException => (ExitCode.ResourceExhausted, exception.Message),
        InvalidInputException { Violations.Count: > 1 } invalid =>
            (ExitCode.InvalidInput, OneALine(invalid.Violations.Select(violation => $"{violation.Field}: {violation.Description}"))),
        MedGenException => (ExitCode.InvalidInput, exception.Message),
        OptionsValidationException options => (ExitCode.InvalidInput, OneALine(options.Failures)),
        System.ComponentModel.DataAnnotations.ValidationException or ArgumentException or InvalidDataException =>
            (ExitCode.InvalidInput, exception.Message),
        FileNotFoundException or DirectoryNotFoundException => (ExitCode.InvalidInput, exception.Message),
        IOException { HResult: UnixNoSpace or WindowsDiskFull } => (ExitCode.ResourceExhausted, exception.Message),
        UnauthorizedAccessException => (
            ExitCode.FailedPrecondition,
            $"{exception.Message} Is it a folder where a file is needed, or another user's? Run this as the user of the host."),
        IOException => (ExitCode.FailedPrecondition, exception.Message),
        _ => (ExitCode.Internal, exception.ToString()),
    };

    private static string OneALine(IEnumerable<string> wrong) => wrong.ToArray() is { Length: > 1 } several
        ? string.Join($"{Environment.NewLine}  ", several.Prepend($"{several.Length} inputs are wrong:"))
        : string.Concat(wrong);

    private static int CodeOf(MedGenRpcException rpc) => rpc.StatusCode switch
    {
        StatusCode.InvalidArgument or StatusCode.OutOfRange => ExitCode.InvalidInput,
        StatusCode.DataLoss => ExitCode.DataLoss,
        StatusCode.NotFound => ExitCode.NotFound,
        StatusCode.FailedPrecondition or StatusCode.AlreadyExists or StatusCode.Aborted => ExitCode.FailedPrecondition,
        StatusCode.ResourceExhausted => ExitCode.ResourceExhausted,
        StatusCode.Unavailable => ExitCode.Unreachable,
        StatusCode.Unauthenticated or StatusCode.PermissionDenied => ExitCode.Denied,
        StatusCode.DeadlineExceeded => ExitCode.DeadlineExceeded,
        StatusCode.Cancelled => ExitCode.Cancelled,
        _ => ExitCode.Internal,
    };

    private static string WithDetails(MedGenRpcException rpc)
    {
        string violations = string.Concat(rpc.Violations.Select(v => $"{Environment.NewLine}  {v.Field}: {v.Description}"));
        string retry = rpc.RetryAfter is { } after ? $" Try again in {after.TotalSeconds:0.#} s." : "";
        return violations.Length > 0 ? $"the request is not valid:{violations}" : rpc.Message + retry;
    }
}
