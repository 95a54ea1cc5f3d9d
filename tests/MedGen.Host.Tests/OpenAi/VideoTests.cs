using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using MedGen.Application.Tests;
using MedGen.Media.Images;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Generation;
using Proto = MedGen.Protos.V1;

namespace MedGen.Host.Tests.OpenAi;

/// <summary>OpenAI's calls for videos, over a real connection.</summary>
public class VideoTests
{
    private const string Small = """{"prompt":"a heart beats","size":"64x48","num_frames":5,"num_inference_steps":2,"seed":"6858555235686230294"}""";

    [Fact]
    public async Task Create_FromJson_MakesAJobThatIsGotListedLoadedAndDeleted()
    {
        await using RunningHost host = await StartAsync();

        (HttpStatusCode code, JsonElement video, _) = await SendAsync(host, HttpMethod.Post, "/v1/videos", Json(Small));
        string id = Text(video, "id");
        await host.WaitForAsync(id, Proto.JobState.Succeeded);
        JsonElement done = (await SendAsync(host, HttpMethod.Get, $"/v1/videos/{id}")).Body;
        JsonElement list = (await SendAsync(host, HttpMethod.Get, "/v1/videos")).Body;
        byte[] clip = await host.Http.GetByteArrayAsync($"/v1/videos/{id}/content?variant=video", RunningHost.Token);

        code.ShouldBe(HttpStatusCode.OK);
        (Text(video, "object"), Text(video, "status"), Text(video, "size"), Text(video, "seconds"), Text(video, "model"), Text(video, "seed"))
            .ShouldBe(("video", "queued", "64x48", "1", "mini", "6858555235686230294"));
        (Text(done, "status"), done.GetProperty("progress").GetInt32(), done.GetProperty("prompt").ValueKind).ShouldBe(("completed", 100, JsonValueKind.Null));
        list.GetProperty("data").EnumerateArray().ShouldHaveSingleItem().GetProperty("id").GetString().ShouldBe(id);
        clip.ShouldBe(await host.Http.GetByteArrayAsync($"/v1/artifacts/{Text(done, "artifact_id")}/content", RunningHost.Token));
        host.Generator.Requests.ShouldHaveSingleItem().NumInferenceSteps.ShouldBe(2);
        host.Lines.ShouldNotContain(line => line.Text.Contains("heart beats", StringComparison.Ordinal));

        (await SendAsync(host, HttpMethod.Delete, $"/v1/videos/{id}")).Body.GetProperty("deleted").GetBoolean().ShouldBeTrue();
        Error(await SendAsync(host, HttpMethod.Get, $"/v1/videos/{id}"), HttpStatusCode.NotFound).ShouldBe(("invalid_request_error", null, "video_not_found"));
        (await host.Http.GetAsync($"/v1/artifacts/{Text(done, "artifact_id")}", RunningHost.Token)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await SendAsync(host, HttpMethod.Get, "/v1/videos")).Body.GetProperty("data").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Create_FromAFormWithAPicture_BeginsWithItAndTakesEveryField()
    {
        await using RunningHost host = await StartAsync();
        using MultipartFormDataContent form = new()
        {
            { new StringContent("a heart beats"), "prompt" }, { new StringContent("2"), "seconds" }, { new StringContent("true"), "deterministic" },
            { new StringContent("3"), "wan[shift]" }, { new StringContent("""{"priority":"JOB_PRIORITY_BULK"}"""), "options" }, { new StringContent("ann"), "user" },
            { new StringContent("{}"), "metadata" },
        };
        form.Add(await PictureAsync(grey: 200), "input_reference", "first.png");

        using HttpResponseMessage response = await host.Http.PostAsync("/v1/videos", form, RunningHost.Token);

        using JsonDocument video = JsonDocument.Parse(await response.Content.ReadAsStringAsync(RunningHost.Token));
        response.StatusCode.ShouldBe(HttpStatusCode.OK, video.RootElement.ToString());
        response.Headers.GetValues("medgen-ignored-fields").ShouldBe(["metadata, user"]);
        await host.WaitForAsync(Text(video.RootElement, "id"), Proto.JobState.Succeeded);
        VideoGenerationRequest asked = host.Generator.Requests.ShouldHaveSingleItem();
        (asked.FirstFrame!.Width, asked.Deterministic, asked.Wan.Shift).ShouldBe((90, true, 3));

        // 2 s at the model's 5 frames a second are 10, and the model makes 4k + 1.
        (asked.NumFrames, asked.FramesPerSecond, Text(video.RootElement, "seconds")).ShouldBe((13, 5, "2.6"));
        Proto.Job job = await host.Client.Jobs.GetAsync(Text(video.RootElement, "id"), RunningHost.Token);
        job.Priority.ShouldBe(Proto.JobPriority.Bulk);
    }

    [Fact]
    public async Task Create_WithAPictureInsideOrByItsId_BeginsWithIt()
    {
        await using RunningHost host = await StartAsync();
        byte[] picture = await (await PictureAsync(grey: 200)).ReadAsByteArrayAsync(RunningHost.Token);
        string url = $"data:image/png;base64,{Convert.ToBase64String(picture)}";

        (HttpStatusCode inside, JsonElement video, _) = await SendAsync(host, HttpMethod.Post, "/v1/videos", Json($$$"""{"prompt":"a","input_reference":{"image_url":"{{{url}}}"}}"""));
        await host.WaitForAsync(Text(video, "id"), Proto.JobState.Succeeded);
        Proto.Artifact stored = (await UploadsAsync(host)).ShouldHaveSingleItem();
        (HttpStatusCode byId, JsonElement second, _) = await SendAsync(
            host, HttpMethod.Post, "/v1/videos", Json($$$"""{"prompt":"a","input_reference":{"file_id":"{{{stored.ArtifactId}}}"}}"""), ("Idempotency-Key", "k"));
        JsonElement again = (await SendAsync(
            host, HttpMethod.Post, "/v1/videos", Json($$$"""{"prompt":"a","input_reference":{"file_id":"{{{stored.ArtifactId}}}"}}"""), ("Idempotency-Key", "k"))).Body;
        await host.WaitForAsync(Text(second, "id"), Proto.JobState.Succeeded);

        (inside, byId).ShouldBe((HttpStatusCode.OK, HttpStatusCode.OK));
        Text(again, "id").ShouldBe(Text(second, "id"));
        host.Generator.Requests.Count.ShouldBe(2);
        host.Generator.Requests.ShouldAllBe(one => one.FirstFrame!.Width == 90);
    }

    [Theory]
    [InlineData("""{"size":"64x48"}""", "prompt")]
    [InlineData("""{"prompt":"a","size":"60x48"}""", "size")]
    [InlineData("""{"prompt":"a","size":"wide"}""", "size")]
    [InlineData("""{"prompt":"a","size":"0x48"}""", "size")]
    [InlineData("""{"prompt":"a","size":"64x48","width":64}""", "size")]
    [InlineData("""{"prompt":"a","seconds":"long"}""", "seconds")]
    [InlineData("""{"prompt":"a","seconds":60}""", "seconds")]
    [InlineData("""{"prompt":"a","seconds":"1","num_frames":5}""", "seconds")]
    [InlineData("""{"prompt":"a","n":2}""", "n")]
    [InlineData("""{"prompt":"a","wan":{"shft":2}}""", "wan.shft")]
    [InlineData("""{"prompt":"a","input_reference":{"image_url":"https://example.org/a.png"}}""", "input_reference")]
    [InlineData("""{"prompt":"a","input_reference":"a.png"}""", "input_reference")]
    [InlineData("""{"prompt":"a","options":{"cancel_on_disconnect":true}}""", "options.cancel_on_disconnect")]
    [InlineData("""{"prompt":"a","prompt":"b"}""", "body")]
    [InlineData("""[1]""", "body")]
    public async Task Create_WithAWrongField_IsRefusedByName(string body, string field)
    {
        await using RunningHost host = await StartAsync();

        Error(await SendAsync(host, HttpMethod.Post, "/v1/videos", Json(body)), HttpStatusCode.BadRequest)
            .ShouldBe(("invalid_request_error", field, "invalid_input"));

        host.Generator.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Create_WithAnotherModel_IsRefusedAsOpenAiDoes()
    {
        await using RunningHost host = await StartAsync();

        Error(await SendAsync(host, HttpMethod.Post, "/v1/videos", Json("""{"prompt":"a","model":"sora-2"}""")), HttpStatusCode.NotFound)
            .ShouldBe(("invalid_request_error", "model", "model_not_found"));
    }

    [Theory]
    [InlineData("input_reference", "prompt", "wide")]
    [InlineData("picture", "size", "64x48")]
    [InlineData("input_reference", "wan[adapters][]", "x")]
    [InlineData("input_reference", "wan", "no JSON")]
    [InlineData("input_reference", "wan[a][a][a][a][a][a][a][a][a][a][a][a][a][a][a][a][a][a][a][a][a][a][a][a][a][a][a][a][a][a][a][a][a][a][a][a][a][a][a][a][a][a][a][a][a][a][a][a][a][a][a][a][a][a][a][a][a][a][a][a][a][a][a][a][a][a][a][a][a][a][a][a][a][a][a][a][a][a][a][a]", "x")]
    public async Task Create_ThatIsRefusedAfterItsPicture_LeavesNoPicture(string file, string field, string value)
    {
        await using RunningHost host = await StartAsync();
        using MultipartFormDataContent form = [];
        form.Add(await PictureAsync(grey: 1, side: field == "prompt" ? 8 : 90), file, "first.png");
        form.Add(new StringContent(value), field);

        using HttpResponseMessage response = await host.Http.PostAsync("/v1/videos", form, RunningHost.Token);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await UploadsAsync(host)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("text/plain", "prompt=a")]
    [InlineData("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"prompt\"\r\n\r\na")]
    [InlineData("multipart/form-data; boundary=x", "--x\r\n\r\na\r\n--x--\r\n")]
    public async Task Create_FromAnotherBody_IsRefused(string type, string body)
    {
        await using RunningHost host = await StartAsync();
        using ByteArrayContent content = new(Encoding.UTF8.GetBytes(body));
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);

        Error(await SendAsync(host, HttpMethod.Post, "/v1/videos", content), HttpStatusCode.BadRequest).Param.ShouldBe("body");
    }

    [Fact]
    public async Task List_ByPages_GoesBothWaysAndNamesWhatItCannotRead()
    {
        await using RunningHost host = await StartAsync();
        List<string> ids = [];
        for (int i = 0; i < 3; i++)
        {
            ids.Add(Text((await SendAsync(host, HttpMethod.Post, "/v1/videos", Json(Small))).Body, "id"));
        }

        (await PagesAsync("desc")).ShouldBe(Enumerable.Reverse(ids));
        (await PagesAsync("asc")).ShouldBe(ids);
        Error(await SendAsync(host, HttpMethod.Get, "/v1/videos?limit=101"), HttpStatusCode.BadRequest).Param.ShouldBe("limit");
        Error(await SendAsync(host, HttpMethod.Get, "/v1/videos?order=up"), HttpStatusCode.BadRequest).Param.ShouldBe("order");
        Error(await SendAsync(host, HttpMethod.Get, "/v1/videos?state=x"), HttpStatusCode.BadRequest).Param.ShouldBe("state");
        Error(await SendAsync(host, HttpMethod.Get, "/v1/videos?after=nobody"), HttpStatusCode.NotFound).Code.ShouldBe("video_not_found");

        async Task<List<string>> PagesAsync(string order)
        {
            List<string> seen = [];
            for (JsonElement page = (await SendAsync(host, HttpMethod.Get, $"/v1/videos?limit=2&order={order}")).Body; ;
                page = (await SendAsync(host, HttpMethod.Get, $"/v1/videos?limit=2&order={order}&after={Text(page, "last_id")}")).Body)
            {
                seen.AddRange(page.GetProperty("data").EnumerateArray().Select(one => Text(one, "id")));
                if (!page.GetProperty("has_more").GetBoolean())
                {
                    return seen;
                }
            }
        }
    }

    [Fact]
    public async Task Video_OfAJobThatRunsFailsOrIsCancelled_SaysSo()
    {
        await using RunningHost host = await StartAsync();
        Proto.Job held = await host.HoldJobAsync();
        await host.WaitForAsync(held.JobId, Proto.JobState.Running);

        Text((await SendAsync(host, HttpMethod.Get, $"/v1/videos/{held.JobId}")).Body, "status").ShouldBe("in_progress");
        Error(await SendAsync(host, HttpMethod.Get, $"/v1/videos/{held.JobId}/content"), HttpStatusCode.BadRequest).Code.ShouldBe("video_not_ready");
        Error(await SendAsync(host, HttpMethod.Delete, $"/v1/videos/{held.JobId}"), HttpStatusCode.BadRequest).Code.ShouldBe("job_not_ended");
        await host.Client.Jobs.CancelAsync(held.JobId, RunningHost.Token);
        await host.WaitForAsync(held.JobId, Proto.JobState.Cancelled);
        JsonElement cancelled = (await SendAsync(host, HttpMethod.Get, $"/v1/videos/{held.JobId}")).Body;

        (Text(cancelled, "status"), Text(cancelled.GetProperty("error"), "code")).ShouldBe(("failed", "cancelled"));
        Error(await SendAsync(host, HttpMethod.Get, $"/v1/videos/{held.JobId}/content?variant=thumbnail"), HttpStatusCode.BadRequest).Param.ShouldBe("variant");
        Error(await SendAsync(host, HttpMethod.Post, $"/v1/videos/{held.JobId}/remix", Json("{}")), HttpStatusCode.NotImplemented).Type.ShouldBe("invalid_request_error");
        (await SendAsync(host, HttpMethod.Delete, $"/v1/videos/{held.JobId}")).Code.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Calls_OfAHostThatWasNotAskedForThem_AreNotThere()
    {
        await using RunningHost host = await RunningHost.StartAsync();

        (await host.Http.GetAsync("/v1/videos", RunningHost.Token)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private static Task<RunningHost> StartAsync() =>
        RunningHost.StartAsync(options => options with { Calls = new MedGenCalls { OpenAiVideos = true } });

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;

    private static async Task<ByteArrayContent> PictureAsync(byte grey, int side = 90)
    {
        using VideoFrame frame = VideoFrame.Rent(side, side);
        frame.WritablePixels.Span.Fill(grey);
        ByteArrayContent content = new(await FrameImage.EncodePngAsync(frame, null, RunningHost.Token));
        content.Headers.ContentType = new MediaTypeHeaderValue("image/png");
        return content;
    }

    private static async Task<List<Proto.Artifact>> UploadsAsync(RunningHost host)
    {
        List<Proto.Artifact> found = [];
        await foreach (Proto.Artifact one in host.Client.Artifacts.ListAsync(new Proto.ListArtifactsRequest(), RunningHost.Token))
        {
            found.AddRange(one.Synthetic ? [] : [one]);
        }

        return found;
    }

    private static async Task<(HttpStatusCode Code, JsonElement Body, string Raw)> SendAsync(
        RunningHost host, HttpMethod method, string path, HttpContent? body = null, (string Name, string Value)? header = null)
    {
        using HttpRequestMessage request = new(method, path) { Content = body };
        if (header is var (name, value))
        {
            request.Headers.Add(name, value);
        }

        using HttpResponseMessage response = await host.Http.SendAsync(request, RunningHost.Token);
        string raw = await response.Content.ReadAsStringAsync(RunningHost.Token);
        using JsonDocument json = JsonDocument.Parse(raw);
        return (response.StatusCode, json.RootElement.Clone(), raw);
    }

    private static (string Type, string? Param, string? Code) Error((HttpStatusCode Code, JsonElement Body, string Raw) answer, HttpStatusCode expected)
    {
        answer.Code.ShouldBe(expected, answer.Raw);
        JsonElement error = answer.Body.GetProperty("error");
        Text(error, "message").ShouldNotBeEmpty();
        return (Text(error, "type"), error.GetProperty("param").GetString(), error.GetProperty("code").GetString());
    }
}
