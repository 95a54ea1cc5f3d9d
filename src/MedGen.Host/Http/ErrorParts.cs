using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using MedGen.Sdk.Errors;
using Status = Google.Rpc.Status;

namespace MedGen.Host.Http;

/// <summary>What a status and its details say.</summary>
internal sealed record ErrorParts
{
    /// <summary>What kind of error it is.</summary>
    public required Code Code { get; init; }

    /// <summary>One sentence for people.</summary>
    public required string Message { get; init; }

    /// <summary>Stable code in UPPER_SNAKE_CASE; null: there is none.</summary>
    public string? Reason { get; private init; }

    /// <summary>Facts that belong to the reason; null: there are none.</summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; private init; }

    /// <summary>What is wrong with the request, field by field; null: nothing was said.</summary>
    public IReadOnlyList<FieldViolation>? Violations { get; private init; }

    /// <summary>Kind of the thing that is not there, such as <c>job</c>; null: nothing is missing.</summary>
    public string? Missing { get; private init; }

    /// <summary>When the same request may succeed; null: waiting does not help.</summary>
    public TimeSpan? RetryAfter { get; private init; }

    public static ErrorParts Of(Status status)
    {
        ErrorParts error = new() { Code = (Code)status.Code, Message = status.Message };
        foreach (Any detail in status.Details)
        {
            error = detail.TryUnpack(out ErrorInfo info) ? error with { Reason = info.Reason, Metadata = info.Metadata }
                : detail.TryUnpack(out BadRequest bad)
                    ? error with { Violations = [.. bad.FieldViolations.Select(one => new FieldViolation(one.Field, one.Description))] }
                : detail.TryUnpack(out ResourceInfo missing) ? error with { Missing = missing.ResourceType }
                : detail.TryUnpack(out RetryInfo retry) ? error with { RetryAfter = retry.RetryDelay.ToTimeSpan() }
                : error;
        }

        return error;
    }

    /// <summary>Sets the headers that HTTP has for it.</summary>
    public void SetHeaders(Microsoft.AspNetCore.Http.HttpResponse response)
    {
        if (RetryAfter is { } after)
        {
            response.Headers.RetryAfter = Math.Ceiling(after.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }

        if (Code == Code.Unauthenticated)
        {
            response.Headers.WWWAuthenticate = "Bearer";
        }
    }
}
