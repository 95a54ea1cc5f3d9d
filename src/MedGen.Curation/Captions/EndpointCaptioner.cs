using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using MedGen.Curation.Clips;
using MedGen.Curation.Specifications;
using MedGen.Media.Images;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;

namespace MedGen.Curation.Captions;

/// <summary>
/// Asks a vision model behind an OpenAI-compatible service (<c>POST URL/chat/completions</c>): the detailed caption first, then a brief one of it.
/// </summary>
internal sealed class EndpointCaptioner : IVideoCaptioner, IDisposable
{
    private const string Instruction =
        "It is medical video. Describe in one paragraph what is seen: the kind of examination or operation, anatomy, instruments, actions and "
        + "how the camera moves. Do not guess findings, names or places, and do not mention frames.";

    private const string BriefInstruction = "Say the same in one sentence of at most 25 words:\n";

    private readonly HttpClient _client;
    private readonly CaptionSpec _spec;

    /// <summary>Prepares calls.</summary>
    /// <param name="spec">Address, model, key.</param>
    /// <exception cref="InvalidInputException">The environment variable of the key is not set.</exception>
    public EndpointCaptioner(CaptionSpec spec)
    {
        _spec = spec;
        _client = new HttpClient { Timeout = TimeSpan.FromSeconds(spec.TimeoutSeconds) };
        if (spec.KeyVariable is { } name)
        {
            string key = Environment.GetEnvironmentVariable(name) is { Length: > 0 } set
                ? set
                : throw new InvalidInputException("captions.key_variable", $"the environment variable {name} is not set.");
            _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }
    }

    public async Task<ClipCaption> DescribeAsync(CaptionRequest request, CancellationToken cancellationToken)
    {
        string shown = FormattableString.Invariant($"These are {request.Frames.Count} frames in order of a clip of {request.Seconds:0.#} seconds. ");
        string prompt = shown + Instruction + Known(request);
        JsonArray content = [new JsonObject { ["type"] = "text", ["text"] = prompt }];
        foreach (VideoFrame frame in request.Frames)
        {
            content.Add(Picture(frame));
        }

        string detailed = await AskAsync(content, cancellationToken).ConfigureAwait(false);
        string briefPrompt = BriefInstruction + detailed;
        string brief = await AskAsync([new JsonObject { ["type"] = "text", ["text"] = briefPrompt }], cancellationToken).ConfigureAwait(false);
        return new ClipCaption
        {
            Brief = brief, Detailed = detailed, Captioner = $"{_spec.Model} at {_spec.Url}", DetailedPrompt = prompt, BriefPrompt = briefPrompt,
        };
    }

    public void Dispose() => _client.Dispose();

    private static string Known(CaptionRequest request)
    {
        (string What, string? Text)[] known =
        [
            ("Title", request.Title), ("Description", request.Description), ("Transcript", request.Transcript),
            ("Modality by a classifier", request.Modality == "unknown" ? null : request.Modality),
        ];
        string[] lines = [.. known.Where(one => one.Text is not null).Select(one => $"{one.What}: {one.Text}")];
        return lines.Length == 0 ? "" : $"\nWhat is known of the whole video:\n{string.Join('\n', lines)}";
    }

    private JsonObject Picture(VideoFrame frame)
    {
        double scale = Math.Min(1, (double)_spec.LongSide / Math.Max(frame.Width, frame.Height));
        int width = Math.Max(1, (int)Math.Round(frame.Width * scale));
        int height = Math.Max(1, (int)Math.Round(frame.Height * scale));
        using VideoFrame small = FrameScaler.Scale(frame, width, height);
        string data = Convert.ToBase64String(FrameImage.EncodePng(small, provenanceId: null));
        return new JsonObject { ["type"] = "image_url", ["image_url"] = new JsonObject { ["url"] = $"data:image/png;base64,{data}" } };
    }

    private async Task<string> AskAsync(JsonArray content, CancellationToken cancellationToken)
    {
        JsonObject body = new()
        {
            ["model"] = _spec.Model, ["temperature"] = 0, ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = content }),
        };
        Uri address = new($"{_spec.Url!.ToString().TrimEnd('/')}/chat/completions");
        try
        {
            using HttpResponseMessage answer = await _client.PostAsJsonAsync(address, body, cancellationToken).ConfigureAwait(false);
            if (!answer.IsSuccessStatusCode)
            {
                throw new UnavailableException(
                    "CAPTION_SERVICE", $"The caption service at {_spec.Url} answered {(int)answer.StatusCode} {answer.ReasonPhrase}.");
            }

            JsonNode? json = await answer.Content.ReadFromJsonAsync<JsonNode>(cancellationToken).ConfigureAwait(false);
            string? text = json?["choices"]?[0]?["message"]?["content"]?.GetValue<string>().Trim();
            return string.IsNullOrEmpty(text)
                ? throw new UnavailableException("CAPTION_SERVICE", $"The caption service at {_spec.Url} gave no text in choices[0].message.content.")
                : text;
        }
        catch (Exception exception) when (
            exception is HttpRequestException or JsonException or InvalidOperationException or ArgumentOutOfRangeException
            || (exception is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new UnavailableException("CAPTION_SERVICE", $"The caption service at {_spec.Url} does not answer as expected: {exception.Message}");
        }
    }
}
