using MedGen.Host.Errors;
using MedGen.Host.Http;
using MedGen.Sdk.Errors;

namespace MedGen.Host.Dicom;

/// <summary>
/// An answer that is written as it is read. What goes wrong before the first byte is a problem like any other; afterwards all that HTTP leaves is to
/// break the connection, so that the body has no end.
/// </summary>
internal abstract class StreamedResult : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        HttpResponse response = httpContext.Response;
        try
        {
            await WriteAsync(httpContext, httpContext.RequestAborted).ConfigureAwait(false);
        }
        catch (Exception error) when (error is MedGenException or IOException or OperationCanceledException)
        {
            ErrorReporter errors = httpContext.RequestServices.GetRequiredService<ErrorReporter>();
            Google.Rpc.Status status = errors.Describe(error, ProblemFilter.CallName(httpContext), deadline: null, httpContext.RequestAborted);
            if (response.HasStarted)
            {
                httpContext.Abort();
                return;
            }

            response.Clear();
            int? http = (error as MedGenException)?.Reason == "FRAME_NOT_AS_DESCRIBED" ? StatusCodes.Status406NotAcceptable : null;
            await ErrorForm.Answer(httpContext, status, http).ExecuteAsync(httpContext).ConfigureAwait(false);
        }
    }

    protected abstract Task WriteAsync(HttpContext http, CancellationToken stop);
}
