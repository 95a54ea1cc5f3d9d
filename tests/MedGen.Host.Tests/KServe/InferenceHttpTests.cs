using System.Buffers.Binary;
using System.Net;
using System.Text;
using System.Text.Json;
using MedGen.Application.Plugins;
using Proto = MedGen.Protos.V1;

namespace MedGen.Host.Tests.KServe;

/// <summary>KServe's calls over HTTP, with Triton's elements as bytes behind the JSON.</summary>
public class InferenceHttpTests
{
    private const string Infer = "/v2/models/brightness/infer";
    private const string Pixel = """{"inputs":[{"name":"clip","datatype":"UINT8","shape":[1,2,3],"data":[[[200,200,200],[200,200,200]]]}]}""";

    private static readonly (string Body, string Field)[] Wrong =
    [
        ("[1]", "body"),
        ("""{"inputs":[],"inputs":[]}""", "body"),
        ("""{"id":"\ud800","inputs":[]}""", "body"),
        ("""{"inputs":[],"model":"x"}""", "model"),
        ("""{"inputs":{}}""", "inputs"),
        ("""{"inputs":[1]}""", "inputs[0].name"),
        ("""{"inputs":[{"name":"clip","datatype":"UINT8","shape":[1,1,3],"raw":[1,2,3]}]}""", "inputs[0].raw"),
        ("""{"inputs":[{"name":"clip","datatype":"UINT8","shape":[1,1,3]}]}""", "inputs[0].data"),
        ("""{"inputs":[{"name":"clip","datatype":"UINT8","shape":[1,1,3],"data":[1,2,-3]}]}""", "inputs[0].data"),
        ("""{"inputs":[{"name":"clip","datatype":"UINT8","shape":[1,1.5,3],"data":[1,2,3]}]}""", "inputs[0].shape"),
        ("""{"inputs":[{"name":"clip","datatype":"UINT8","shape":[1,1,3],"data":[1,2]}]}""", "inputs[0]"),
        ("""{"inputs":[{"name":"clip","datatype":"BYTES","shape":[1],"data":["AAAA"]}]}""", "inputs[0].data"),
        ("""{"inputs":[{"name":"clip","datatype":"BYTES","shape":[1],"parameters":{"content_type":"base64"},"data":["?"]}]}""", "inputs[0].data"),
        ("""{"inputs":[{"name":"clip","datatype":"UINT8","shape":[1,1,3],"parameters":{"binary_data_size":3}}]}""", "inputs[0].parameters.binary_data_size"),
        ("""{"inputs":[{"name":"clip","datatype":"UINT8","shape":[1,1,3],"parameters":{"binary_data_size":"3"}}]}""", "inputs[0].parameters.binary_data_size"),
        ("""{"inputs":[{"name":"clip","datatype":"UINT8","shape":[1,1,3],"data":[1,2,3]}],"outputs":[{"name":"findings","parameters":{"binary_data":1}}]}""", "outputs[0].parameters.binary_data"),
        ("""{"parameters":{"threshold":1e999},"inputs":[{"name":"clip","datatype":"UINT8","shape":[1,1,3],"data":[1,2,3]}]}""", "parameters.threshold"),
        ("""{"parameters":{"threshold":[1]},"inputs":[{"name":"clip","datatype":"UINT8","shape":[1,1,3],"data":[1,2,3]}]}""", "parameters.threshold"),
    ];

    [Fact]
    public async Task Metadata_OfServerAndModel_IsAsTheProtocolSpellsIt()
    {
        await using InferenceHost host = await InferenceHost.StartAsync();

        JsonElement server = (await GetAsync(host, "/v2")).Body;
        JsonElement model = (await GetAsync(host, "/v2/models/brightness/versions/1.2.3")).Body;

        (server.GetProperty("name").GetString(), server.GetProperty("extensions")[0].GetString()).ShouldBe(("medgen", "binary_tensor_data"));
        model.GetProperty("inputs").GetRawText().ShouldBe("""[{"name":"clip","datatype":"UINT8","shape":[-1,-1,-1,3]}]""");
        model.GetProperty("outputs")[1].GetRawText().ShouldBe("""{"name":"brightness.probabilities","datatype":"FP32","shape":[-1]}""");
        (await GetAsync(host, "/v2/models/none")).Code.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Ready_OfServerAndModel_IsTold()
    {
        await using InferenceHost host = await InferenceHost.StartAsync();

        (await GetAsync(host, "/v2/health/live")).ShouldBeReady("live", HttpStatusCode.OK);
        (await GetAsync(host, "/v2/health/ready")).ShouldBeReady("ready", HttpStatusCode.OK);
        (await GetAsync(host, "/v2/models/brightness/ready")).ShouldBeReady("ready", HttpStatusCode.OK);
        host.Running.Catalog.State = PluginState.Disabled;
        (await GetAsync(host, "/v2/models/brightness/ready")).ShouldBeReady("ready", HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public async Task Infer_OfNestedNumbers_AnswersInJson()
    {
        await using InferenceHost host = await InferenceHost.StartAsync();

        (HttpStatusCode code, JsonElement answer) = await PostAsync(host, Pixel);

        code.ShouldBe(HttpStatusCode.OK, answer.GetRawText());
        answer.GetProperty("model_version").GetString().ShouldBe("1.2.3");
        answer.GetProperty("outputs")[0].GetRawText().ShouldBe("""{"name":"brightness","datatype":"BYTES","shape":[1],"data":["bright"]}""");
        answer.GetProperty("outputs")[1].GetProperty("data")[1].GetSingle().ShouldBe(200 / 255f, 1e-6f);
    }

    [Fact]
    public async Task Infer_OfAFileInBase64_AnswersWithItsJob()
    {
        await using InferenceHost host = await InferenceHost.StartAsync();
        string clip = Convert.ToBase64String(await File.ReadAllBytesAsync(Path.Combine(AppContext.BaseDirectory, "lung_ultrasound.mp4"), RunningHost.Token));

        (HttpStatusCode code, JsonElement answer) = await PostAsync(
            host, $$"""{"id":"7","inputs":[{"name":"clip","datatype":"BYTES","shape":[1],"parameters":{"content_type":"base64"},"data":["{{clip}}"]}],"outputs":[{"name":"brightness"}]}""");

        code.ShouldBe(HttpStatusCode.OK, answer.GetRawText());
        (answer.GetProperty("id").GetString(), answer.GetProperty("outputs")[0].GetProperty("data")[0].GetString()).ShouldBe(("7", "dark"));
        Proto.Job job = await host.Running.Client.Jobs.GetAsync(answer.GetProperty("parameters").GetProperty("job_id").GetString()!, RunningHost.Token);
        job.State.ShouldBe(Proto.JobState.Succeeded);
    }

    [Fact]
    public async Task Infer_WithBytesBehindTheJson_AnswersInBytesWhatIsWantedSo()
    {
        await using InferenceHost host = await InferenceHost.StartAsync();
        const string Json = """
            {"parameters":{"binary_data_output":true},"inputs":[{"name":"clip","datatype":"UINT8","shape":[1,1,3],"parameters":{"binary_data_size":3}}],
             "outputs":[{"name":"brightness.names"},{"name":"brightness.probabilities"},{"name":"brightness","parameters":{"binary_data":false}}]}
            """;

        using HttpResponseMessage response = await SendAsync(host, [.. Encoding.UTF8.GetBytes(Json), 200, 200, 200], Json.Length);

        byte[] body = await response.Content.ReadAsByteArrayAsync(RunningHost.Token);
        response.StatusCode.ShouldBe(HttpStatusCode.OK, Encoding.UTF8.GetString(body));
        int length = int.Parse(response.Headers.GetValues("Inference-Header-Content-Length").Single(), null);
        using JsonDocument answer = JsonDocument.Parse(body.AsMemory(0, length));
        JsonElement outputs = answer.RootElement.GetProperty("outputs");
        outputs.EnumerateArray().Select(one => one.TryGetProperty("parameters", out JsonElement asked) ? asked.GetProperty("binary_data_size").GetInt32() : 0).ShouldBe([18, 8, 0]);
        body.AsSpan(length, 8).ToArray().ShouldBe([4, 0, 0, 0, .. "dark"u8]);
        BinaryPrimitives.ReadSingleLittleEndian(body.AsSpan(length + 18 + 4)).ShouldBe(200 / 255f, 1e-6f);
        outputs[2].GetProperty("data")[0].GetString().ShouldBe("bright");
    }

    [Fact]
    public async Task Infer_WithAWrongField_IsRefusedByName()
    {
        await using InferenceHost host = await InferenceHost.StartAsync();

        foreach ((string body, string field) in Wrong)
        {
            (HttpStatusCode code, JsonElement answer) = await PostAsync(host, body);
            (code, answer.GetProperty("error").GetString()!.Split(": ")[0]).ShouldBe((HttpStatusCode.BadRequest, field), body);
        }
    }

    [Theory]
    [InlineData("x")]
    [InlineData("100000")]
    public async Task Infer_WhoseJsonIsLongerThanItsBody_IsRefused(string length)
    {
        await using InferenceHost host = await InferenceHost.StartAsync();
        using HttpRequestMessage request = new(HttpMethod.Post, Infer) { Content = new StringContent(Pixel) };
        request.Headers.Add("Inference-Header-Content-Length", length);

        using HttpResponseMessage response = await host.Running.Http.SendAsync(request, RunningHost.Token);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.Content.ReadAsStringAsync(RunningHost.Token)).ShouldContain("Inference-Header-Content-Length");
    }

    [Fact]
    public async Task Infer_WithBytesThatNoInputTakes_IsRefused()
    {
        await using InferenceHost host = await InferenceHost.StartAsync();

        using HttpResponseMessage response = await SendAsync(host, [.. Encoding.UTF8.GetBytes(Pixel), 1], Pixel.Length);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.Content.ReadAsStringAsync(RunningHost.Token)).ShouldContain("1 bytes more");
    }

    private static async Task<(HttpStatusCode Code, JsonElement Body)> GetAsync(InferenceHost host, string path) =>
        await ReadAsync(await host.Running.Http.GetAsync(path, RunningHost.Token));

    private static async Task<(HttpStatusCode Code, JsonElement Body)> PostAsync(InferenceHost host, string body) =>
        await ReadAsync(await host.Running.Http.PostAsync(Infer, new StringContent(body, Encoding.UTF8, "application/json"), RunningHost.Token));

    private static async Task<(HttpStatusCode Code, JsonElement Body)> ReadAsync(HttpResponseMessage response)
    {
        using (response)
        {
            using JsonDocument json = JsonDocument.Parse(await response.Content.ReadAsStringAsync(RunningHost.Token));
            return (response.StatusCode, json.RootElement.Clone());
        }
    }

    private static async Task<HttpResponseMessage> SendAsync(InferenceHost host, byte[] body, int jsonLength)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, Infer) { Content = new ByteArrayContent(body) };
        request.Headers.Add("Inference-Header-Content-Length", jsonLength.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return await host.Running.Http.SendAsync(request, RunningHost.Token);
    }
}

internal static class ReadyAnswers
{
    public static void ShouldBeReady(this (HttpStatusCode Code, JsonElement Body) answer, string name, HttpStatusCode code)
    {
        answer.Code.ShouldBe(code);
        answer.Body.GetProperty(name).GetBoolean().ShouldBe(code == HttpStatusCode.OK);
    }
}
