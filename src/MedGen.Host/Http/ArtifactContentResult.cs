using System.Runtime.CompilerServices;
using MedGen.Sdk.Errors;
using MedGen.Application.Artifacts;
using MedGen.Host.Errors;
using Microsoft.Net.Http.Headers;

namespace MedGen.Host.Http;

/// <summary>
/// Sends an artifact's content, or the part of it that was asked for. Content that turns out to be damaged before the first byte is sent is a problem
/// like any other; once bytes are on their way, all that HTTP leaves is to break the connection short of the announced length.
/// </summary>
internal sealed class ArtifactContentResult(ArtifactContent opened, ErrorReporter errors) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        HttpResponse response = httpContext.Response;

        // An uploaded page must not run as ours.
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.ContentSecurityPolicy = "sandbox";

        await using ConfiguredAsyncDisposable openedDisposal = opened.ConfigureAwait(false);
        IResult content = Results.Stream(
            opened.Content,
            opened.Artifact.MediaType,
            opened.Artifact.FileName,
            opened.Artifact.CreatedAt,
            new EntityTagHeaderValue($"\"{opened.Artifact.Sha256}\""),
            enableRangeProcessing: true);
        try
        {
            await content.ExecuteAsync(httpContext).ConfigureAwait(false);
        }
        catch (DataLossException error)
        {
            Google.Rpc.Status status = errors.Describe(error, ProblemFilter.CallName(httpContext), deadline: null, httpContext.RequestAborted);
            if (response.HasStarted)
            {
                httpContext.Abort();
                return;
            }

            response.Clear();
            await ErrorForm.Answer(httpContext, status).ExecuteAsync(httpContext).ConfigureAwait(false);
        }
    }
}
