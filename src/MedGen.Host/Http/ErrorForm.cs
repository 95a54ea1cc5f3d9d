using MedGen.Host.Errors;
using Status = Google.Rpc.Status;

namespace MedGen.Host.Http;

/// <summary>How the routes that carry it tell an error: by its parts, and the HTTP status that goes with its code.</summary>
/// <param name="ToResult">Makes the answer.</param>
internal sealed record ErrorForm(Func<ErrorParts, int, IResult> ToResult)
{
    /// <summary>An error as an endpoint tells it; where it says nothing, as application/problem+json (RFC 9457).</summary>
    /// <param name="http">The call; headers that belong to the error are set.</param>
    /// <param name="status">The error.</param>
    /// <param name="httpStatus">Another HTTP status than the usual one; null: the usual one.</param>
    public static IResult Answer(HttpContext http, Status status, int? httpStatus = null)
    {
        ErrorParts error = ErrorParts.Of(status);
        error.SetHeaders(http.Response);
        return (http.GetEndpoint()?.Metadata.GetMetadata<ErrorForm>() ?? ProblemFilter.Form)
            .ToResult(error, httpStatus ?? ErrorMapping.ToHttpStatus(error.Code));
    }
}
