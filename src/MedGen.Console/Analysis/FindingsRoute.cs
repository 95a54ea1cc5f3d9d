using System.Text.Json;
using System.Text.Json.Serialization;
using MedGen.Application.Access;
using MedGen.Application.Jobs;
using MedGen.Application.Jobs.Earlier;
using MedGen.Application.Jobs.Requests;
using MedGen.Application.Streaming;
using MedGen.Sdk.Analysis;
using MedGen.Sdk.Errors;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MedGen.WebConsole.Analysis;

/// <summary>All final findings of an analysis that has ended, as one JSON file: for people to keep, and for the drawings over a clip.</summary>
internal static class FindingsRoute
{
    private const string Route = "/console/findings";

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    public static string AddressOf(string jobId) => $"{Route}/{jobId}";

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet(Route + "/{id}", AnswerAsync)
        .WithMetadata(new OperationAttribute("WatchJob"), new ConsoleEndpoint());

    private static async Task<IResult> AnswerAsync(ISender sender, HttpContext http, string id)
    {
        try
        {
            Job job = await sender.Send(new GetJob { JobId = id }, http.RequestAborted);
            if (!job.HasEnded)
            {
                return Results.Problem($"The job '{job.Id}' has not ended.", statusCode: StatusCodes.Status409Conflict);
            }

            http.Response.Headers.CacheControl = "no-store";
            http.Response.Headers.XContentTypeOptions = "nosniff";
            return Results.Json(await ReadAsync(sender, job, http.RequestAborted), Json);
        }
        catch (MedGenException refusal)
        {
            int status = refusal is ResourceNotFoundException ? StatusCodes.Status404NotFound : StatusCodes.Status400BadRequest;
            return Results.Problem(refusal.Message, statusCode: status);
        }
    }

    private static async Task<FindingsFile> ReadAsync(ISender sender, Job job, CancellationToken cancellationToken)
    {
        List<Finding> findings = [];
        AnalyzerIdentity? analyzer = null;
        StreamedAnswer<JobEvent> events = await sender.Send(new WatchJob { JobId = job.Id }, cancellationToken);
        await foreach (JobEvent one in events.WithCancellation(cancellationToken))
        {
            if ((one.Payload as FindingsReported ?? (one.Payload as IEarlierAnswer)?.ToFindings()) is { Interim: false } report)
            {
                findings.AddRange(report.Findings);
                analyzer = report.Analyzer;
            }
        }

        return new FindingsFile(job.Id, analyzer, findings);
    }

    private sealed record FindingsFile(string JobId, AnalyzerIdentity? Analyzer, IReadOnlyList<Finding> Findings);
}
