using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using MedGen.Curation.Captions;
using MedGen.Curation.Clips;
using MedGen.Curation.Specifications;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;

namespace MedGen.Curation.Tests.Captions;

public sealed class EndpointCaptionerTests : IDisposable
{
    private readonly HttpListener _service = new();
    private readonly List<JsonNode> _asked = [];
    private readonly Uri _url;

    public EndpointCaptionerTests()
    {
        using System.Net.Sockets.TcpListener free = new(IPAddress.Loopback, 0);
        free.Start();
        _url = new Uri($"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}/v1");
        free.Stop();
        _service.Prefixes.Add($"{_url}/");
        _service.Start();
    }

    public void Dispose() => _service.Close();

    [Fact]
    public async Task Describe_AsksForBothCaptions_WithFramesAndWhatIsKnown()
    {
        Task serving = ServeAsync(200, Answer(" A probe moves over the chest. "), Answer("Lung ultrasound."));
        using EndpointCaptioner captioner = new(Spec());

        ClipCaption caption = await captioner.DescribeAsync(Request(), TestContext.Current.CancellationToken);
        await serving;

        (caption.Detailed, caption.Brief).ShouldBe(("A probe moves over the chest.", "Lung ultrasound."));
        caption.Captioner.ShouldBe($"vision at {_url}");
        JsonArray content = _asked[0]["messages"]![0]!["content"]!.AsArray();
        _asked[0]["model"]!.GetValue<string>().ShouldBe("vision");
        content.Count.ShouldBe(1 + 2);
        content[0]!["text"]!.GetValue<string>().ShouldBe(caption.DetailedPrompt);
        caption.DetailedPrompt!.ShouldContain("Title: Lungs");
        byte[] png = Convert.FromBase64String(content[1]!["image_url"]!["url"]!.GetValue<string>()["data:image/png;base64,".Length..]);

        // Width and height stand in the header of a PNG; 200 x 100 px were scaled to a longer side of 64 px.
        png[16..24].ShouldBe([0, 0, 0, 64, 0, 0, 0, 32]);
        _asked[1]["messages"]![0]!["content"]![0]!["text"]!.GetValue<string>().ShouldBe(caption.BriefPrompt);
        caption.BriefPrompt!.ShouldEndWith(caption.Detailed);
    }

    [Theory]
    [InlineData(503, "{}", "answered 503")]
    [InlineData(200, "{\"choices\":[]}", "does not answer as expected")]
    [InlineData(200, "{\"choices\":[{\"message\":{\"content\":\" \"}}]}", "gave no text")]
    [InlineData(200, "no json", "does not answer as expected")]
    public async Task Describe_ServiceThatFails_IsSaidAndNothingIsMadeUp(int status, string body, string said)
    {
        Task serving = ServeAsync(status, body);
        using EndpointCaptioner captioner = new(Spec());

        UnavailableException error = await Should.ThrowAsync<UnavailableException>(
            () => captioner.DescribeAsync(Request(), TestContext.Current.CancellationToken));
        await serving;

        error.Message.ShouldContain(said);
    }

    [Fact]
    public void Create_KeyThatIsNotSet_IsRefusedByName() =>
        Should.Throw<InvalidInputException>(() => new EndpointCaptioner(Spec() with { KeyVariable = "MEDGEN_NO_SUCH_KEY" }))
            .Message.ShouldContain("MEDGEN_NO_SUCH_KEY");

    private static string Answer(string text) =>
        new JsonObject { ["choices"] = new JsonArray(new JsonObject { ["message"] = new JsonObject { ["content"] = text } }) }.ToJsonString();

    private static CaptionRequest Request() => new()
    {
        Frames = [.. Enumerable.Range(0, 2).Select(_ => VideoFrame.Wrap(new byte[200 * 100 * 3], 200, 100))], Seconds = 8, Title = "Lungs",
    };

    private CaptionSpec Spec() => new() { Type = CaptionType.Endpoint, Url = _url, Model = "vision", LongSide = 64 };

    private async Task ServeAsync(int status, params string[] bodies)
    {
        foreach (string body in bodies)
        {
            HttpListenerContext call = await _service.GetContextAsync();
            call.Request.Url!.AbsolutePath.ShouldBe("/v1/chat/completions");
            _asked.Add((await JsonNode.ParseAsync(call.Request.InputStream))!);
            call.Response.StatusCode = status;
            await call.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(body));
            call.Response.Close();
        }
    }
}
