using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace MedGen.Host.Tests;

/// <summary>The contract as JSON over HTTP, in proto3's JSON mapping.</summary>
public class JsonTests
{
    private const long Seed = 6858555235686230294;

    [Theory]
    [InlineData("6858555235686230294")]
    [InlineData("\"6858555235686230294\"")]
    public async Task Int64_AboveWhatADoubleHolds_ComesBackExactlyAndAsAString(string seed)
    {
        await using RunningHost host = await RunningHost.StartAsync();

        (HttpStatusCode code, string events) = await GenerateAsync(host, $$"""{"prompt":"lung ultrasound","width":32,"height":32,"numFrames":5,"numInferenceSteps":1,"seed":{{seed}}}""");

        code.ShouldBe(HttpStatusCode.OK);
        using JsonDocument last = JsonDocument.Parse(events.Trim().Split('\n').Single(line => line.Contains("\"result\"", StringComparison.Ordinal)));
        string id = last.RootElement.GetProperty("result").GetProperty("artifactId").GetString()!;
        using JsonDocument artifact = JsonDocument.Parse(await host.Http.GetStringAsync($"/v1/artifacts/{id}", RunningHost.Token));
        artifact.RootElement.GetProperty("sizeBytes").ValueKind.ShouldBe(JsonValueKind.String);
        artifact.RootElement.GetProperty("provenance").GetProperty("seed").GetString().ShouldBe("6858555235686230294");
        host.Generator.Requests.ShouldHaveSingleItem().Seed.ShouldBe(Seed);
    }

    [Theory]
    [InlineData("\"32\"")]
    [InlineData("32.0")]
    [InlineData("3.2e1")]
    [InlineData("\"3.2e1\"")]
    public async Task Int32_InAnySpellingOfProto3_IsTaken(string width)
    {
        await using RunningHost host = await RunningHost.StartAsync();

        (HttpStatusCode code, _) = await GenerateAsync(
            host, $$"""{"prompt":"lung ultrasound","width":{{width}},"height":32,"num_frames":5,"numInferenceSteps":1,"guidanceScale":"2.5","options":{"priority":"JOB_PRIORITY_BULK","timeout":"90s"},"seed":1}""");

        code.ShouldBe(HttpStatusCode.OK);
        host.Generator.Requests.ShouldHaveSingleItem().Width.ShouldBe(32);
        host.Generator.Requests.Single().GuidanceScale.ShouldBe(2.5);
    }

    [Theory]
    [InlineData("\"guidanceScal\":9", "guidanceScal")]
    [InlineData("\"options\":{\"timout\":\"9s\"}", "options.timout")]
    [InlineData("\"width\":32.5", "width")]
    [InlineData("\"width\":true", "width")]
    [InlineData("\"width\":\"\"", "width")]
    [InlineData("\"width\":4294967296", "width")]
    [InlineData("\"seed\":\"zebra\"", "seed")]
    [InlineData("\"seed\":1.5", "seed")]
    [InlineData("\"negativePrompt\":7", "negative_prompt")]
    [InlineData("\"deterministic\":\"true\"", "deterministic")]
    [InlineData("\"wan\":{\"scheduler\":\"zebra\"}", "wan.scheduler")]
    [InlineData("\"options\":{\"timeout\":9}", "options.timeout")]
    [InlineData("\"options\":[]", "options")]
    [InlineData("\"width\":16,\"width\":32", "width")]
    public async Task Field_UnknownOrOfAWrongKind_IsRefusedByName(string field, string name)
    {
        await using RunningHost host = await RunningHost.StartAsync();

        (HttpStatusCode code, string answer) = await GenerateAsync(host, $$"""{"prompt":"a lung",{{field}}}""");

        code.ShouldBe(HttpStatusCode.BadRequest);
        using JsonDocument status = JsonDocument.Parse(answer);
        status.RootElement.GetProperty("details").EnumerateArray().Single(one => one.TryGetProperty("fieldViolations", out _))
            .GetProperty("fieldViolations").EnumerateArray().ShouldHaveSingleItem().GetProperty("field").GetString().ShouldBe(name);
        answer.ShouldNotContain("zebra");
        host.Generator.Requests.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("{\"prompt\":")]
    [InlineData("[]")]
    [InlineData("")]
    public async Task Body_ThatIsNoJsonObject_IsRefused(string body)
    {
        await using RunningHost host = await RunningHost.StartAsync();

        (HttpStatusCode code, string answer) = await GenerateAsync(host, body);

        code.ShouldBe(HttpStatusCode.BadRequest);
        answer.ShouldContain("\"body\"");
    }

    [Fact]
    public async Task Body_WithATextThatIsNotUtf8_IsRefused()
    {
        await using RunningHost host = await RunningHost.StartAsync();
        using ByteArrayContent body = new([.. "{\"prompt\":\"a lung "u8, 0xff, .. "\"}"u8]);
        body.Headers.ContentType = new MediaTypeHeaderValue("application/json");

        using HttpResponseMessage response = await host.Http.PostAsync("/v1/videos:generate", body, RunningHost.Token);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.Content.ReadAsStringAsync(RunningHost.Token)).ShouldContain("\"body\"");
    }

    [Theory]
    [InlineData("/v1/jobs?page_sise=3", "page_sise")]
    [InlineData("/v1/jobs?page_size=many", "page_size")]
    [InlineData("/v1/jobs?pageSize=3&pageSize=4", "page_size")]
    [InlineData("/v1/jobs?state=zebra", "state")]
    public async Task Query_WithAnUnknownOrWrongParameter_IsRefusedByName(string address, string name)
    {
        await using RunningHost host = await RunningHost.StartAsync();

        using HttpResponseMessage refused = await host.Http.GetAsync(address, RunningHost.Token);

        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await refused.Content.ReadAsStringAsync(RunningHost.Token)).ShouldContain($"\"{name}\"");
        (await host.Http.GetAsync("/v1/jobs?page_size=3&state=JOB_STATE_RUNNING&owner=me", RunningHost.Token)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Body_BesideAQuery_IsRefused()
    {
        await using RunningHost host = await RunningHost.StartAsync();

        (HttpStatusCode code, string answer) = await GenerateAsync(host, """{"prompt":"a lung"}""", "?width=32");

        code.ShouldBe(HttpStatusCode.BadRequest);
        answer.ShouldContain("\"width\"");
    }

    private static async Task<(HttpStatusCode Code, string Answer)> GenerateAsync(RunningHost host, string json, string query = "")
    {
        using StringContent body = new(json, Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await host.Http.PostAsync($"/v1/videos:generate{query}", body, RunningHost.Token);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(RunningHost.Token));
    }
}
