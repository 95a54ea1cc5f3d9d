using System.Globalization;
using MedGen.Application.Access;
using MedGen.Application.Dicom;
using MedGen.Dicom.DataSets;
using MedGen.Dicom.Pixels;
using MedGen.Dicom.Web;
using MedGen.Host.Http;
using MedGen.Media;
using MedGen.Sdk.Errors;
using MediatR;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace MedGen.Host.Dicom;

/// <summary>
/// DICOMweb (PS3.18): STOW-RS, QIDO-RS and WADO-RS for the instances in the artifact store. Every route sends the messages that gRPC sends, so
/// rights, tenants, quotas and audit are the same.
/// </summary>
internal static class DicomWebRoutes
{
    private const string Root = "/dicom-web";

    public static void MapDicomWeb(this IEndpointRouteBuilder routes, MedGenHostOptions options)
    {
        RouteGroupBuilder group = routes.MapGroup(Root).AddEndpointFilter<ProblemFilter>();
        MultipartLimits limits = new() { PartBytes = options.MaxUploadBytes };
        Post("/studies");
        Post("/studies/{study}");
        Get("/studies", "QueryDicom", (http, sender, stop) => QueryAsync(http, sender, DicomLevel.Studies, stop));
        Get("/series", "QueryDicom", (http, sender, stop) => QueryAsync(http, sender, DicomLevel.Series, stop));
        Get("/studies/{study}/series", "QueryDicom", (http, sender, stop) => QueryAsync(http, sender, DicomLevel.Series, stop));
        foreach (string of in new[] { "", "/studies/{study}", "/studies/{study}/series/{series}" })
        {
            Get($"{of}/instances", "QueryDicom", (http, sender, stop) => QueryAsync(http, sender, DicomLevel.Instances, stop));
        }

        const string Instance = "/studies/{study}/series/{series}/instances/{instance}";
        foreach (string of in new[] { "/studies/{study}", "/studies/{study}/series/{series}", Instance })
        {
            Get(of, "DownloadArtifact", RetrieveAsync);
            Get($"{of}/metadata", "DownloadArtifact", MetadataAsync);
        }

        Get($"{Instance}/frames/{{frames}}", "DownloadArtifact", FramesAsync);
        Get($"{Instance}/rendered", "DownloadArtifact", RenderedAsync);
        Get($"{Instance}/frames/{{frames}}/rendered", "DownloadArtifact", RenderedAsync);

        void Get(string path, string operation, Func<HttpContext, ISender, CancellationToken, Task<IResult>> answer) =>
            group.MapGet(path, answer).WithMetadata(new OperationAttribute(operation));

        void Post(string path) => group.MapPost(path, (HttpContext http, DicomReceipt receipt, CancellationToken stop) =>
            StoreAsync(http, receipt, limits, stop)).WithMetadata(new OperationAttribute("UploadArtifact"));
    }

    private static async Task<IResult> StoreAsync(
        HttpContext http, DicomReceipt receipt, MultipartLimits limits, CancellationToken cancellationToken)
    {
        string? study = Of(http, "study");
        http.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = null; // each part has the limit of an upload
        MultipartReader parts = MultipartReader.Open(http.Request.Body, http.Request.ContentType, limits);
        List<(string, string)> stored = [];
        List<(string, string, int)> failed = [];
        while (await parts.NextAsync(cancellationToken).ConfigureAwait(false) is { } part)
        {
            if (part.MediaType != "application/dicom")
            {
                throw new InvalidInputException("body", "A part is not application/dicom, which is what is stored here.");
            }

            (string sopClass, string instance, int failure) = await ReceiveAsync(part, receipt, study, cancellationToken).ConfigureAwait(false);
            if (failure == 0)
            {
                stored.Add((sopClass, instance));
            }
            else
            {
                failed.Add((sopClass, instance, failure));
            }
        }

        int status = failed.Count == 0 ? StatusCodes.Status200OK : stored.Count == 0 ? StatusCodes.Status409Conflict : StatusCodes.Status202Accepted;
        return new DicomJsonResult(new StoreAnswer { Stored = stored, Failed = failed }.Write, status);
    }

    private static async Task<(string SopClass, string SopInstance, int Failure)> ReceiveAsync(
        MultipartPart part, DicomReceipt receipt, string? study, CancellationToken cancellationToken)
    {
        try
        {
            return await receipt.ReceiveAsync(file => part.CopyToAsync(file, cancellationToken), study, cancellationToken).ConfigureAwait(false);
        }
        catch (MediaException) when (part.IsTooLong)
        {
            // The body is read to its end all the same: a sender that is cut off in the middle hears no answer and tries again for ever.
            return ("", "", StoreAnswer.TooLarge);
        }
    }

    private static async Task<IResult> QueryAsync(HttpContext http, ISender sender, DicomLevel level, CancellationToken cancellationToken)
    {
        DicomQuery query = DicomWebQuery.Read(http.Request.Query, level, Of(http, "study"), Of(http, "series"), out bool isFuzzy);
        IReadOnlyList<DicomDataSet> found = await sender.Send(new QueryDicom { Query = query }, cancellationToken).ConfigureAwait(false);
        if (isFuzzy)
        {
            http.Response.Headers.Warning = "299 medgen: \"The fuzzymatching parameter is not supported. Only literal matching has been performed.\"";
        }

        string root = $"{http.Request.Scheme}://{http.Request.Host}{Root}";
        foreach (DicomDataSet one in found)
        {
            one.SetText(new DicomTag(0x0008_1190), AddressOf(root, one, level));
        }

        return new DicomJsonResult(found);
    }

    private static async Task<IResult> RetrieveAsync(HttpContext http, ISender sender, CancellationToken cancellationToken)
    {
        IReadOnlyList<DicomInstance> found = await FindAsync(http, sender, cancellationToken).ConfigureAwait(false);
        bool isSingle = Accepts(http, "application/dicom", multipart: false) && !Accepts(http, "application/dicom", multipart: true);
        if (isSingle ? found.Count != 1 : !Accepts(http, "application/dicom", multipart: true))
        {
            return Results.StatusCode(StatusCodes.Status406NotAcceptable);
        }

        return new DicomFilesResult(found, sender, isSingle);
    }

    private static async Task<IResult> MetadataAsync(HttpContext http, ISender sender, CancellationToken cancellationToken)
    {
        IReadOnlyList<DicomInstance> found = await FindAsync(http, sender, cancellationToken).ConfigureAwait(false);
        return new DicomMetadataResult(found, sender);
    }

    private static async Task<IResult> FramesAsync(
        HttpContext http, ISender sender, CancellationToken cancellationToken)
    {
        DicomInstance instance = (await FindAsync(http, sender, cancellationToken).ConfigureAwait(false))[0];
        IReadOnlyList<int> frames = Frames(Of(http, "frames")!);
        string accept = http.Request.Headers.Accept.ToString();
        bool asStored = accept.Contains("transfer-syntax=*", StringComparison.Ordinal) || accept.Contains("image/", StringComparison.Ordinal)
            || (instance.TransferSyntax.Length > 0 && accept.Contains($"transfer-syntax={instance.TransferSyntax}", StringComparison.Ordinal));
        return new DicomFramesResult(instance, frames, asStored, sender, DecodingOf(http));
    }

    private static async Task<IResult> RenderedAsync(HttpContext http, ISender sender, CancellationToken cancellationToken)
    {
        string accept = http.Request.Headers.Accept.ToString();
        if (accept.Length > 0 && !accept.Contains("image/png", StringComparison.OrdinalIgnoreCase) && !accept.Contains("*/*",
            StringComparison.Ordinal)
            && !accept.Contains("image/*", StringComparison.Ordinal))
        {
            return Results.StatusCode(StatusCodes.Status406NotAcceptable);
        }

        DicomInstance instance = (await FindAsync(http, sender, cancellationToken).ConfigureAwait(false))[0];
        int? frame = Of(http, "frames") is { } text ? Frames(text) is [var only] ? only - 1
            : throw new InvalidInputException("frames", "Got several; one at a time is rendered.") : null;
        byte[] png = await sender.Send(new RenderDicom { ArtifactId = instance.ArtifactId, Frame = frame }, cancellationToken).ConfigureAwait(false);
        return Results.Bytes(png, "image/png");
    }

    private static Task<IReadOnlyList<DicomInstance>> FindAsync(HttpContext http, ISender sender, CancellationToken cancellationToken) => sender.Send(
        new FindDicom { Study = Of(http, "study")!, Series = Of(http, "series"), Instance = Of(http, "instance") }, cancellationToken);

    private static List<int> Frames(string text)
    {
        List<int> frames = [];
        foreach (string one in text.Split(','))
        {
            frames.Add(int.TryParse(one, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0 && frames.Count < 10_000
                ? number
                : throw new InvalidInputException("frames", "Got another text; numbers from 1, with commas between, at most 10,000, are allowed."));
        }

        return frames;
    }

    private static DicomDecoding DecodingOf(HttpContext http)
    {
        MediaOptions media = http.RequestServices.GetRequiredService<IOptions<MediaOptions>>().Value;
        return new DicomDecoding
        {
            Sandbox = media.Sandbox, ProcessMemoryMiB = media.ProcessMemoryMiB, ProcessCpuSeconds = media.ProcessCpuSeconds,
            MaxPixels = media.MaxPixels, ChunkMiB = media.ReadAheadMiB,
        };
    }

    private static bool Accepts(HttpContext http, string type, bool multipart)
    {
        string accept = http.Request.Headers.Accept.ToString();
        return accept.Length == 0 ? multipart
            : accept.Contains("*/*", StringComparison.Ordinal) ? multipart
            : multipart
                ? accept.Contains("multipart/related", StringComparison.OrdinalIgnoreCase)
                    && (!accept.Contains("type=", StringComparison.OrdinalIgnoreCase) || accept.Contains(type, StringComparison.OrdinalIgnoreCase))
                : accept.TrimStart().StartsWith(type, StringComparison.OrdinalIgnoreCase)
                    && !accept.StartsWith(type + "+", StringComparison.OrdinalIgnoreCase);
    }

    private static string AddressOf(string root, DicomDataSet set, DicomLevel level) => $"{root}/studies/{set.Text(new(0x0020_000D))}"
        + (level > DicomLevel.Studies ? $"/series/{set.Text(new(0x0020_000E))}" : "")
        + (level > DicomLevel.Series ? $"/instances/{set.Text(new(0x0008_0018))}" : "");

    private static string? Of(HttpContext http, string name) => http.Request.RouteValues.TryGetValue(name, out object? value) ? value as string
        : null;
}
