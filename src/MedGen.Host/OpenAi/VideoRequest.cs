using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using MedGen.Application.Generation;
using MedGen.Application.Models;
using MedGen.Host.Http;
using MedGen.Host.Mapping;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Generation;
using MedGen.Sdk.Models;
using MediatR;
using Proto = MedGen.Protos.V1;

namespace MedGen.Host.OpenAi;

/// <summary>
/// A request for a video: OpenAI's own fields (<c>size</c>, <c>seconds</c>, <c>input_reference</c>), and every field of
/// <see cref="Proto.GenerateVideoRequest"/> in proto3's JSON mapping.
/// </summary>
internal sealed partial class VideoRequest
{
    // They say who asks, or are kept for the caller; none changes a clip.
    private static readonly string[] Meaningless = ["metadata", "safety_identifier", "store", "user"];

    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal)
    {
        ["first_frame"] = VideoBody.Picture,
        ["first_frame_artifact_id"] = VideoBody.Picture,
        ["file_name"] = VideoBody.Picture,
        ["media_type"] = VideoBody.Picture,
    };

    private readonly Proto.GenerateVideoRequest _fields;
    private readonly double? _seconds;

    private VideoRequest(Proto.GenerateVideoRequest fields, double? seconds, DataUrl? picture, IReadOnlyList<string> ignored)
    {
        (_fields, _seconds, Picture, Ignored) = (fields, seconds, picture, ignored);
    }

    /// <summary>The picture that came inside the request; null: none did.</summary>
    public DataUrl? Picture { get; }

    /// <summary>Names of the fields that were given and mean nothing here.</summary>
    public IReadOnlyList<string> Ignored { get; }

    /// <summary>Reads the fields.</summary>
    /// <param name="body">The fields as they came; those that are read here are taken out of it.</param>
    /// <param name="uploaded">Id of the picture that came as a file; null: none did.</param>
    /// <param name="idempotencyKey">The header Idempotency-Key; null: there is none.</param>
    /// <exception cref="InvalidInputException">Names every field that cannot be read.</exception>
    public static VideoRequest Read(JsonObject body, string? uploaded, string? idempotencyKey)
    {
        Violations violations = new();
        string[] ignored = [.. Meaningless.Where(body.Remove)];
        string? size = TextOf(body, "size", violations);
        string? seconds = TextOf(body, "seconds", violations);
        bool isReferred = body.Remove(VideoBody.Picture, out JsonNode? reference) && reference is not null;
        Proto.GenerateVideoRequest fields = ReadRest(body, violations);
        DataUrl? picture = null;
        if (isReferred)
        {
            (fields.FirstFrameArtifactId, picture) = ReadReference(reference!, fields.FirstFrameArtifactId, violations);
        }

        if (uploaded is not null)
        {
            violations.Require(
                fields.FirstFrameArtifactId.Length == 0 && !isReferred, VideoBody.Picture, $"is given twice", $"one picture");
            fields.FirstFrameArtifactId = uploaded;
        }

        if (idempotencyKey is not null)
        {
            violations.Require(
                uploaded is null && picture is null, "idempotency_key", $"is given beside a picture in the request",
                $"input_reference.file_id, the id of one that was uploaded before");
            violations.Require(
                string.IsNullOrEmpty(fields.Options?.IdempotencyKey), "options.idempotency_key", $"is given beside the header", $"one of the two");
            (fields.Options ??= new Proto.JobOptions()).IdempotencyKey = idempotencyKey;
        }

        violations.Require(
            fields.Options?.CancelOnDisconnect != true, "options.cancel_on_disconnect", $"is true", $"false, for this call answers at once");
        VideoRequest request = new(fields, ReadSeconds(seconds, fields, violations), picture, ignored);
        request.ReadSize(size, violations);
        violations.ThrowIfAny();
        return request;
    }

    /// <summary>The message that stands for the request.</summary>
    /// <param name="pictureId">Id of the stored picture, if one came inside the request.</param>
    /// <param name="sender">Asks for the model's frame rate and sizes, where the length is given in seconds.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<GenerateVideo> ToMessageAsync(string? pictureId, ISender sender, CancellationToken cancellationToken)
    {
        GenerateVideo message = _fields.ToMessage();
        message = pictureId is null ? message : message with { FirstFrameArtifactId = pictureId };
        if (_seconds is not { } seconds)
        {
            return message;
        }

        ModelDescription model = (await sender.Send(new GetModel { Name = message.Model }, cancellationToken).ConfigureAwait(false)).Model;
        double rate = message.FramesPerSecond ?? model.Defaults.FramesPerSecond;
        if (seconds * rate > GenerationLimits.MaxFrames)
        {
            double most = Math.Floor(GenerationLimits.MaxFrames / rate * 100) / 100;
            throw new InvalidInputException(
                "seconds", FormattableString.Invariant($"got {seconds}; allowed: above 0, at most {most} at {rate} frames a second."));
        }

        _names["num_frames"] = "seconds";
        double steps = Math.Ceiling((((seconds * rate) - model.Sizes.FrameOffset) / model.Sizes.FrameStep) - 1e-9);
        return message with
        {
            NumFrames = model.Sizes.FrameOffset + (model.Sizes.FrameStep * (int)Math.Max(0, steps)),
            FramesPerSecond = rate,
        };
    }

    /// <summary>The same refusal, with fields as this call spells them.</summary>
    public InvalidInputException Translate(InvalidInputException refusal) =>
        new([.. refusal.Violations.Select(one => one with { Field = _names.GetValueOrDefault(one.Field, one.Field) })]);

    private void ReadSize(string? size, Violations violations)
    {
        if (size is null)
        {
            return;
        }

        violations.Require(_fields.Width == 0 && _fields.Height == 0, "size", $"is given beside width or height", $"one of the two");
        Match match = Size().Match(size);
        violations.Require(match.Success, "size", $"got another text", $"WIDTHxHEIGHT in px, such as 832x480");
        if (match.Success)
        {
            _fields.Width = int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
            _fields.Height = int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture);
            violations.Require(_fields.Width > 0 && _fields.Height > 0, "size", $"got a side of 0", $"WIDTHxHEIGHT in px, such as 832x480");
            (_names["width"], _names["height"]) = ("size", "size");
        }
    }

    private static double? ReadSeconds(string? text, Proto.GenerateVideoRequest fields, Violations violations)
    {
        if (text is null)
        {
            return null;
        }

        bool isGood = double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds) && seconds > 0;
        violations.Require(isGood, "seconds", $"got another value", $"a number above 0");
        violations.Require(fields.NumFrames == 0, "seconds", $"is given beside num_frames", $"one of the two");
        return seconds;
    }

    private static (string Id, DataUrl? Picture) ReadReference(JsonNode reference, string given, Violations violations)
    {
        violations.Require(given.Length == 0, VideoBody.Picture, $"is given beside first_frame_artifact_id", $"one of the two");
        (string name, JsonNode? value) = reference is JsonObject { Count: 1 } one ? one.Single() : default;
        string? text = (value as JsonValue)?.TryGetValue(out string? found) == true ? found : null;
        if (name == "file_id" && text is { Length: > 0 })
        {
            return (text, null);
        }

        DataUrl? picture = name == "image_url" && text is not null ? DataUrl.Parse(text) : null;
        violations.Require(
            picture is not null, VideoBody.Picture, $"got another value",
            $"a file of a form, {{\"file_id\": id of an artifact}}, {{\"image_url\": \"data:image/png;base64,…\"}}; nothing is fetched");
        return ("", picture);
    }

    private static Proto.GenerateVideoRequest ReadRest(JsonObject body, Violations violations)
    {
        MessageDescriptor message = Proto.GenerateVideoRequest.Descriptor;
        ReadTexts(body, message, violations);
        violations.ThrowIfAny();
        using MemoryStream rewritten = new();
        using (JsonDocument json = JsonDocument.Parse(body.ToJsonString()))
        using (Utf8JsonWriter writer = new(rewritten))
        {
            JsonRequestReader.Rewrite(json.RootElement, message, writer, violations);
        }

        violations.ThrowIfAny();
        return JsonParser.Default.Parse<Proto.GenerateVideoRequest>(Encoding.UTF8.GetString(rewritten.ToArray()));
    }

    // A form has texts alone: what is a truth value, an object or a list in JSON is read from them.
    private static void ReadTexts(JsonObject fields, MessageDescriptor message, Violations violations)
    {
        foreach ((string name, JsonNode? value) in fields.ToArray())
        {
            FieldDescriptor? field = message.Fields.InDeclarationOrder().FirstOrDefault(one => one.Name == name || one.JsonName == name);
            if (value is JsonObject inner && field is { FieldType: FieldType.Message, IsRepeated: false })
            {
                ReadTexts(inner, field.MessageType, violations.In(name));
            }
            else if (value is JsonValue text && text.TryGetValue(out string? written) && field is not null)
            {
                bool isStructure = field.IsRepeated || (field.FieldType == FieldType.Message && field.MessageType.File.Package != "google.protobuf");
                if (field.FieldType == FieldType.Bool && bool.TryParse(written, out bool flag))
                {
                    fields[name] = flag;
                }
                else if (isStructure)
                {
                    fields[name] = ParseOrNull(written);
                    violations.Require(fields[name] is not null, name, $"got a text", $"JSON");
                }
            }
        }
    }

    private static JsonNode? ParseOrNull(string text)
    {
        try
        {
            return JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false });
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? TextOf(JsonObject body, string name, Violations violations)
    {
        if (!body.Remove(name, out JsonNode? value) || value is null)
        {
            return null;
        }

        if (value is JsonValue one && value.GetValueKind() is JsonValueKind.String or JsonValueKind.Number)
        {
            return one.ToString();
        }

        violations.Add(name, $"got no text", $"a text");
        return null;
    }

    [GeneratedRegex("^([0-9]{1,5})x([0-9]{1,5})$")]
    private static partial Regex Size();
}
