using System.Net;
using System.Net.Http.Headers;
using MedGen.Sdk.Errors;

namespace MedGen.Dicom.Web;

/// <summary>What an archive's refusal means: passing ones are <see cref="UnavailableException"/>, others are not worth another try.</summary>
internal static class ArchiveErrors
{
    /// <summary>The archive cannot be reached, is too slow, or breaks off.</summary>
    public const string Unavailable = "ARCHIVE_UNAVAILABLE";

    /// <summary>The archive says no.</summary>
    public const string Refused = "ARCHIVE_REFUSED";

    /// <summary>The archive answers something that is not DICOMweb.</summary>
    public const string Answer = "ARCHIVE_ANSWER";

    public static MedGenException Of(HttpStatusCode status, RetryConditionHeaderValue? retry, string what)
    {
        int code = (int)status;
        return status switch
        {
            HttpStatusCode.NotFound => new FailedPreconditionException("ARCHIVE_NOT_FOUND", $"The archive has no {what} (404)."),
            HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or HttpStatusCode.InternalServerError or HttpStatusCode.BadGateway
                or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout or (HttpStatusCode)507 =>
                new UnavailableException(Unavailable, $"The archive cannot serve {what} now ({code}).", retry?.Delta),
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden =>
                new FailedPreconditionException(Refused, $"The archive refuses {what}: {code}. The token or the certificate is not accepted."),
            _ => new FailedPreconditionException(Refused, $"The archive refuses {what}: {code}."),
        };
    }

    public static UnavailableException Of(Exception error, string what) => new(
        Unavailable, $"The archive did not answer about {what}: "
            + $"{(error is OperationCanceledException ? "it took too long" : (error.InnerException ?? error).GetType().Name)}.");
}
