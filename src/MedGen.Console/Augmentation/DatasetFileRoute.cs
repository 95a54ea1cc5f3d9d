using MedGen.Application.Access;
using MedGen.Application.Augmentation;
using MedGen.Sdk.Errors;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MedGen.WebConsole.Augmentation;

/// <summary>Single files of a stored data set: clips to look at, the card.</summary>
internal static class DatasetFileRoute
{
    private const string Route = "/console/datasets";

    public static string AddressOf(string artifactId, string file) =>
        $"{Route}/{artifactId}/{string.Join('/', file.Split('/').Select(Uri.EscapeDataString))}";

    /// <summary>What a browser may take a file for; nothing in which a script could stand.</summary>
    public static string TypeOf(string file) => Path.GetExtension(file).ToLowerInvariant() switch
    {
        ".mp4" or ".m4v" or ".mov" => "video/mp4",
        ".webm" => "video/webm",
        ".png" => "image/png",
        ".jpg" or ".jpeg" => "image/jpeg",
        ".gif" => "image/gif",
        ".bmp" => "image/bmp",
        _ => "application/octet-stream",
    };

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet(Route + "/{id}/{**file}", AnswerAsync)
        .WithMetadata(new OperationAttribute("DownloadArtifact"), new ConsoleEndpoint());

    private static async Task<IResult> AnswerAsync(ISender sender, HttpContext http, string id, string file)
    {
        try
        {
            AugmentedFile opened = await sender.Send(new OpenAugmentedFile { ArtifactId = id, FileName = file }, http.RequestAborted);
            http.Response.RegisterForDispose(opened);

            // What is in a data set must not run as ours.
            http.Response.Headers.XContentTypeOptions = "nosniff";
            http.Response.Headers.ContentSecurityPolicy = "sandbox";
            http.Response.Headers.CacheControl = "no-store";
            return Results.Stream(opened.Content, TypeOf(file), enableRangeProcessing: true);
        }
        catch (MedGenException refusal)
        {
            int status = refusal switch
            {
                ResourceNotFoundException => StatusCodes.Status404NotFound,
                AccessDeniedException => StatusCodes.Status403Forbidden,
                ResourceExhaustedException => StatusCodes.Status429TooManyRequests,
                _ => StatusCodes.Status400BadRequest,
            };
            return Results.Problem(refusal.Message, statusCode: status);
        }
    }
}
