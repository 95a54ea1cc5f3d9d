using System.Globalization;
using System.Text.Json.Nodes;
using Google.Rpc;
using MedGen.Application.Access;
using MedGen.Application.Artifacts;
using MedGen.Application.Generation;
using MedGen.Application.Jobs;
using MedGen.Application.Jobs.Requests;
using MedGen.Host.Errors;
using MedGen.Host.Http;
using MedGen.Sdk.Errors;
using MediatR;
using Microsoft.Extensions.Primitives;
using Status = Google.Rpc.Status;

namespace MedGen.Host.OpenAi;

/// <summary>
/// OpenAI's calls for videos, as a thin mapping over generation jobs: a video is a job, its content the job's artifact. Every route sends the
/// messages that gRPC sends.
/// </summary>
internal static class VideoRoutes
{
    /// <summary>The header that names what was given and means nothing here.</summary>
    public const string IgnoredHeader = "medgen-ignored-fields";

    private const int UsualLimit = 20;
    private const int MaxLimit = 100;

    public static void MapOpenAiVideos(this IEndpointRouteBuilder routes, MedGenHostOptions options)
    {
        RouteGroupBuilder group = routes.MapGroup("/v1/videos").AddEndpointFilter<ProblemFilter>().WithMetadata(OpenAiError.Form);
        TimeSpan retention = options.GeneratedRetention;
        group.MapPost("", (HttpContext http, ISender sender, CancellationToken stop) => CreateAsync(http, sender, retention, stop))
            .WithMetadata(new OperationAttribute("GenerateVideo"));
        group.MapGet("", (HttpContext http, ISender sender, CancellationToken stop) => ListAsync(http, sender, retention, stop))
            .WithMetadata(new OperationAttribute("ListJobs"));
        group.MapGet("/{id}", (string id, ISender sender, CancellationToken stop) => GetAsync(id, sender, retention, stop))
            .WithMetadata(new OperationAttribute("GetJob"));
        group.MapMethods("/{id}/content", [HttpMethods.Get, HttpMethods.Head], ContentAsync)
            .WithMetadata(new OperationAttribute("DownloadArtifact"));
        group.MapDelete("/{id}", DeleteAsync).WithMetadata(new OperationAttribute("DeleteJob"));
        group.MapPost("/{**rest}", NotServed).WithMetadata(new OperationAttribute("GenerateVideo"));
    }

    private static async Task<IResult> CreateAsync(HttpContext http, ISender sender, TimeSpan retention, CancellationToken stop)
    {
        string? key = http.Request.Headers["Idempotency-Key"] is { Count: > 0 } keys ? keys.ToString() : null;
        PictureUpload picture = new(sender);
        VideoRequest? request = null;
        try
        {
            JsonObject body = await VideoBody.ReadAsync(http, picture, stop).ConfigureAwait(false);
            request = VideoRequest.Read(body, picture.ArtifactId, key);
            if (request.Picture is { } inside)
            {
                using MemoryStream content = new(inside.Content);
                await picture.StoreAsync("input-reference", inside.MediaType, content, stop).ConfigureAwait(false);
            }

            GenerateVideo message = await request.ToMessageAsync(picture.ArtifactId, sender, stop).ConfigureAwait(false);
            Job job = await sender.Send(message, stop).ConfigureAwait(false);
            if (request.Ignored.Count > 0)
            {
                http.Response.Headers[IgnoredHeader] = string.Join(", ", request.Ignored);
            }

            return Answer(await DescribeAsync(job, sender, retention, stop).ConfigureAwait(false));
        }
        catch (InvalidInputException refusal) when (request is not null)
        {
            await picture.TakeBackAsync().ConfigureAwait(false);
            throw request.Translate(refusal);
        }
        catch
        {
            await picture.TakeBackAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static async Task<IResult> GetAsync(string id, ISender sender, TimeSpan retention, CancellationToken stop) =>
        Answer(await DescribeAsync(await FindAsync(id, sender, stop).ConfigureAwait(false), sender, retention, stop).ConfigureAwait(false));

    private static async Task<IResult> ListAsync(HttpContext http, ISender sender, TimeSpan retention, CancellationToken stop)
    {
        ListJobs message = ReadQuery(http.Request.Query);
        JobPage page = await sender.Send(message, stop).ConfigureAwait(false);
        DescribeGenerations describe = new() { JobIds = [.. page.Jobs.Select(job => job.Id)] };
        IReadOnlyDictionary<string, GenerationSummary> asked = await sender.Send(describe, stop).ConfigureAwait(false);
        return Answer(new JsonObject
        {
            ["object"] = "list",
            ["data"] = new JsonArray([.. page.Jobs.Select(job => VideoAnswer.Of(job, asked[job.Id], retention))]),
            ["first_id"] = page.Jobs.Count > 0 ? page.Jobs[0].Id : null,
            ["last_id"] = page.Jobs.Count > 0 ? page.Jobs[^1].Id : null,
            ["has_more"] = page.NextPageToken is not null,
        });
    }

    private static async Task<IResult> ContentAsync(HttpContext http, string id, ISender sender, ErrorReporter errors, CancellationToken stop)
    {
        Violations violations = new();
        foreach ((string name, StringValues value) in http.Request.Query)
        {
            violations.Require(name == "variant", Shown(name), $"is no parameter of this call", $"variant");
            violations.Require(name != "variant" || value == "video", "variant", $"got another value", $"video");
        }

        violations.ThrowIfAny();
        Job job = await FindAsync(id, sender, stop).ConfigureAwait(false);
        if (job.State != JobState.Succeeded)
        {
            throw new FailedPreconditionException("VIDEO_NOT_READY", $"The video '{id}' has no content; its job is {job.State}.");
        }

        OpenArtifact open = new() { ArtifactId = job.Results[0] };
        return new ArtifactContentResult(await sender.Send(open, stop).ConfigureAwait(false), errors);
    }

    private static async Task<IResult> DeleteAsync(string id, ISender sender, CancellationToken stop)
    {
        Job job = await FindAsync(id, sender, stop).ConfigureAwait(false);
        if (!job.HasEnded)
        {
            throw new FailedPreconditionException("JOB_NOT_ENDED", $"The video '{id}' is {job.State}; POST /v1/jobs/{id}:cancel ends it.");
        }

        foreach (string artifact in job.Results)
        {
            try
            {
                await sender.Send(new DeleteArtifact { ArtifactId = artifact }, stop).ConfigureAwait(false);
            }
            catch (ResourceNotFoundException)
            {
                // Deleted before, or expired.
            }
        }

        await sender.Send(new DeleteJob { JobId = id }, stop).ConfigureAwait(false);
        return Answer(new JsonObject { ["id"] = id, ["object"] = "video.deleted", ["deleted"] = true });
    }

    private static IResult NotServed(HttpContext http) => ErrorForm.Answer(http, new Status
    {
        Code = (int)Code.Unimplemented,
        Message = "This call is not served here; create, get, list, content and delete of /v1/videos are. " +
            "A clip that starts from another: create, with source_artifact_id and strength.",
    });

    private static async Task<Job> FindAsync(string id, ISender sender, CancellationToken stop)
    {
        Job job = await sender.Send(new GetJob { JobId = id }, stop).ConfigureAwait(false);
        return job.Kind == JobKind.Generation ? job : throw new ResourceNotFoundException("job", id);
    }

    private static async Task<JsonObject> DescribeAsync(Job job, ISender sender, TimeSpan retention, CancellationToken stop)
    {
        DescribeGenerations describe = new() { JobIds = [job.Id] };
        return VideoAnswer.Of(job, (await sender.Send(describe, stop).ConfigureAwait(false))[job.Id], retention);
    }

    private static ListJobs ReadQuery(IQueryCollection query)
    {
        Violations violations = new();
        ListJobs message = new() { Kind = JobKind.Generation, PageSize = UsualLimit };
        foreach ((string name, StringValues values) in query)
        {
            string value = values.ToString();
            switch (name)
            {
                case "after":
                    message = message with { AfterJob = value };
                    break;
                case "limit":
                    bool isGood = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int limit)
                        && limit is >= 1 and <= MaxLimit;
                    violations.Require(isGood, "limit", $"got another value", $"1 to {MaxLimit}");
                    message = message with { PageSize = limit };
                    break;
                case "order":
                    violations.OneOf("order", value, "asc", "desc");
                    message = message with { OldestFirst = value == "asc" };
                    break;
                default:
                    violations.Add(Shown(name), $"is no parameter of this call", $"after, limit, order");
                    break;
            }
        }

        violations.ThrowIfAny();
        return message;
    }

    private static string Shown(string name) => name.Length <= 64 ? name : $"{name[..64]}…";

    private static IResult Answer(JsonObject body) => Results.Text(body.ToJsonString(), "application/json");
}
