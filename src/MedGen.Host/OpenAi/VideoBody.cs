using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MedGen.Sdk.Errors;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace MedGen.Host.OpenAi;

/// <summary>Reads the body of a request for a video: JSON, or multipart/form-data with the picture as a file.</summary>
internal static class VideoBody
{
    /// <summary>The field of the picture.</summary>
    public const string Picture = "input_reference";

    private const int MaxJsonBytes = 4 * 1024 * 1024;
    private const int MaxFieldBytes = 64 * 1024;
    private const int MaxParts = 100;
    private const int MaxDepth = 8;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads the fields, and stores the picture that comes as a file.</summary>
    /// <param name="http">The call.</param>
    /// <param name="picture">Takes the picture.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The fields by name; those of a form are texts, or objects of texts (<c>wan[shift]</c>).</returns>
    /// <exception cref="InvalidInputException">The body is neither, or cannot be read.</exception>
    public static async Task<JsonObject> ReadAsync(HttpContext http, PictureUpload picture, CancellationToken cancellationToken)
    {
        if (http.Request.HasJsonContentType())
        {
            http.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = MaxJsonBytes;
            return await ReadJsonAsync(http.Request.Body, cancellationToken).ConfigureAwait(false);
        }

        if (!MediaTypeHeaderValue.TryParse(http.Request.ContentType, out MediaTypeHeaderValue? type)
            || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
            || HeaderUtilities.RemoveQuotes(type.Boundary).Value is not { Length: > 0 and <= 70 } boundary)
        {
            throw new InvalidInputException("body", "Got another content type; allowed: application/json, multipart/form-data with a boundary.");
        }

        // The picture has the limit of an upload, which the store knows.
        http.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = null;
        try
        {
            return await ReadFormAsync(new MultipartReader(boundary, http.Request.Body), picture, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is InvalidDataException or IOException and not BadHttpRequestException)
        {
            throw new InvalidInputException("body", "Is no whole multipart/form-data.");
        }
    }

    private static async Task<JsonObject> ReadJsonAsync(Stream body, CancellationToken cancellationToken)
    {
        try
        {
            JsonDocumentOptions once = new() { AllowDuplicateProperties = false };
            return await JsonNode.ParseAsync(body, documentOptions: once, cancellationToken: cancellationToken).ConfigureAwait(false) as JsonObject
                ?? throw new InvalidInputException("body", "Got no object; allowed: a JSON object.");
        }
        catch (JsonException malformed)
        {
            throw new InvalidInputException(
                "body",
                $"Is not JSON in UTF-8, or names a field twice: line {malformed.LineNumber + 1}, byte {malformed.BytePositionInLine + 1}.");
        }
    }

    private static async Task<JsonObject> ReadFormAsync(MultipartReader parts, PictureUpload picture, CancellationToken cancellationToken)
    {
        JsonObject fields = [];
        for (int count = 0; await parts.ReadNextSectionAsync(cancellationToken).ConfigureAwait(false) is { } part; count++)
        {
            if (count == MaxParts || part.GetContentDispositionHeader() is not { } disposition
                || HeaderUtilities.RemoveQuotes(disposition.Name).Value is not { Length: > 0 } name)
            {
                throw new InvalidInputException("body", $"Has a part without a name, or more than {MaxParts} parts.");
            }

            if (!disposition.IsFileDisposition())
            {
                Put(fields, name, await ReadTextAsync(part.Body, Shown(name), cancellationToken).ConfigureAwait(false));
                continue;
            }

            if (name != Picture || picture.ArtifactId is not null || fields.ContainsKey(Picture))
            {
                throw new InvalidInputException(Shown(name), $"Is a file; allowed: one file, {Picture}, given once.");
            }

            string file = HeaderUtilities.RemoveQuotes(disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName)
                .ToString();
            string mediaType = part.ContentType?.Split(';')[0].Trim() ?? "application/octet-stream";
            await picture.StoreAsync(file, mediaType, part.Body, cancellationToken).ConfigureAwait(false);
        }

        return fields;
    }

    // "wan[shift]" is the field shift of the object wan.
    private static void Put(JsonObject fields, string name, string text)
    {
        string[] path = name.Split('[');
        if (path.Length > MaxDepth)
        {
            throw new InvalidInputException(Shown(name), $"Names a field within {path.Length - 1} others; allowed: {MaxDepth - 1}.");
        }

        JsonObject at = fields;
        for (int i = 0; i < path.Length; i++)
        {
            string key = i == 0 ? path[0] : path[i].TrimEnd(']');
            if (key.Length == 0 || (i > 0 && !path[i].EndsWith(']')))
            {
                throw new InvalidInputException(Shown(name), "Is no name of a field; allowed: field, field[inner]; lists as JSON in one field.");
            }

            if (i == path.Length - 1)
            {
                if (!at.TryAdd(key, JsonValue.Create(text)))
                {
                    throw new InvalidInputException(Shown(name), "Is given twice; allowed: once.");
                }
            }
            else
            {
                at = (at[key] ??= new JsonObject()) as JsonObject
                    ?? throw new InvalidInputException(Shown(name), "Is given beside a text; allowed: one of the two.");
            }
        }
    }

    private static async Task<string> ReadTextAsync(Stream content, string name, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[MaxFieldBytes + 1];
        int length = await content.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        if (length > MaxFieldBytes)
        {
            throw new InvalidInputException(name, $"Has more than {MaxFieldBytes} bytes.");
        }

        try
        {
            return Utf8.GetString(buffer, 0, length);
        }
        catch (DecoderFallbackException)
        {
            throw new InvalidInputException(name, "Is not UTF-8.");
        }
    }

    private static string Shown(string name) => name.Length <= 64 ? name : $"{name[..64]}…";
}
