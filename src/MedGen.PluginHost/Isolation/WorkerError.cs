using MedGen.PluginHost.Loading;
using MedGen.Sdk.Errors;

namespace MedGen.PluginHost.Isolation;

/// <summary>An error on its way between host and worker. One that is meant for callers keeps its kind, reason, fields and retry time.</summary>
internal sealed record WorkerError
{
    private const string PluginRefused = nameof(PluginLoadException);

    /// <summary>What kind of error it is; null: none that is meant for callers.</summary>
    public ErrorCode? Code { get; init; }

    /// <summary>Its stable code, or the type of the exception.</summary>
    public required string Reason { get; init; }

    public required string Message { get; init; }

    /// <summary>The file that it is about, or the check that the plugin did not pass.</summary>
    public string? FileName { get; init; }

    public TimeSpan? RetryAfter { get; init; }

    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    public IReadOnlyList<FieldViolation> Violations { get; init; } = [];

    public static WorkerError Of(Exception exception) => exception switch
    {
        MedGenException error => new WorkerError
        {
            Code = error.Code,
            Reason = error.Reason,
            Message = error.Message,
            FileName = (error as MediaException)?.FileName,
            RetryAfter = error.RetryAfter,
            Metadata = error.Metadata,
            Violations = (error as InvalidInputException)?.Violations ?? [],
        },
        PluginLoadException refused => new WorkerError { Reason = PluginRefused, Message = refused.Message, FileName = refused.Check },
        OperationCanceledException => new WorkerError { Code = ErrorCode.Cancelled, Reason = "CANCELLED", Message = exception.Message },
        _ => new WorkerError { Reason = exception.GetType().Name, Message = exception.Message },
    };

    /// <summary>The error as it was where it came from, as far as that matters to who catches it.</summary>
    public Exception ToException() => Code switch
    {
        null when Reason == PluginRefused && FileName is { } check => new PluginLoadException(check, Message),
        null => new WorkerCallException(Reason, Message),
        ErrorCode.Unavailable when Reason == "DEVICE_FAULT" => new DeviceFaultException(Message),
        ErrorCode.Cancelled => new OperationCanceledException(Message),
        ErrorCode.ResourceExhausted => new ResourceExhaustedException(Reason, Message, RetryAfter) { Metadata = Metadata },
        _ when Violations.Count > 0 => new InvalidInputException(Violations) { Metadata = Metadata },
        _ when FileName is not null => new MediaException(FileName, Message) { Metadata = Metadata },
        { } code => new RelayedException(code, Reason, Message) { Metadata = Metadata, RetryAfter = RetryAfter },
    };

    private sealed class RelayedException(ErrorCode code, string reason, string message) : MedGenException(code, reason, message);
}
