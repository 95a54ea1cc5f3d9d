using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace MedGen.Host.Tests.Errors;

public class MalformedRequestTests
{
    private const int Seed = 20261128;

    [Theory]
    [InlineData("medgen.v1.Jobs/GetJob", "00000000015c")] // no field has this tag
    [InlineData("medgen.v1.Jobs/WatchJob", "00000000015c")]
    [InlineData("medgen.v1.Artifacts/UploadArtifact", "00000000015c")]
    [InlineData("medgen.v1.Analysis/StreamFrames", "00000000015c")]
    [InlineData("grpc.health.v1.Health/Check", "00000000015c")]
    [InlineData("grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", "00000000015c")]
    [InlineData("medgen.v1.Jobs/GetJob", "01000000015c")] // says that it is compressed, but not how
    [InlineData("medgen.v1.Jobs/GetJob", "00000000ff5c")] // says that it is longer than it is
    public async Task Grpc_WithBytesThatAreNoMessage_IsTheCallersFault(string method, string body)
    {
        await using RunningHost host = await RunningHost.StartAsync();
        using HttpClient client = new() { BaseAddress = host.Endpoints.Grpc };
        using HttpRequestMessage request = new(HttpMethod.Post, "/" + method)
        {
            Content = new ByteArrayContent(Convert.FromHexString(body)), Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Content.Headers.ContentType = new("application/grpc");
        request.Headers.Add("TE", "trailers");

        using HttpResponseMessage response = await client.SendAsync(request, RunningHost.Token);

        response.Headers.Concat(response.TrailingHeaders).ShouldContain(header => header.Key == "grpc-status", response.ToString());
        response.Headers.Concat(response.TrailingHeaders).Single(header => header.Key == "grpc-status").Value.Single()
            .ShouldBe(((int)StatusCode.InvalidArgument).ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact, Long]
    public async Task Http_WithABodyThatComesTooSlowly_Is408AndNoError()
    {
        await using RunningHost host = await RunningHost.StartAsync();
        using TcpClient client = new();
        await client.ConnectAsync(host.Endpoints.Http.Host, host.Endpoints.Http.Port, RunningHost.Token);
        NetworkStream stream = client.GetStream();

        // Nothing of the body ever comes: the server gives up by its own clock.
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"PUT /v1/artifacts?name=a.mp4 HTTP/1.1\r\nHost: {host.Endpoints.Http.Authority}\r\nContent-Length: 1000\r\n\r\n"), RunningHost.Token);
        using StreamReader reader = new(stream);

        (await reader.ReadLineAsync(RunningHost.Token)).ShouldBe("HTTP/1.1 408 Request Timeout");
        host.Lines.Where(line => line.Level >= LogLevel.Error).ShouldBeEmpty();
    }

    [Fact]
    public Task Grpc_WithAFewMutatedMessages_IsNeverTheHostsFault() => SendAsync(300);

    [Fact]
    [Long]
    public Task Grpc_WithManyMutatedMessages_IsNeverTheHostsFault() => SendAsync(10_000);

    private static async Task SendAsync(int count)
    {
        await using RunningHost host = await RunningHost.StartAsync();
        MutatedMessages messages = new(Seed);
        using Process self = Process.GetCurrentProcess();
        await messages.SendAsync(host.Endpoints.Grpc, count / 10, RunningHost.Token);
        long before = GC.GetTotalMemory(forceFullCollection: true);

        await messages.SendAsync(host.Endpoints.Grpc, count - (count / 10), RunningHost.Token);

        string counts = string.Join(", ", messages.Counts.OrderByDescending(one => one.Value).Select(one => $"{one.Value} {one.Key}"));
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {Seed}: {counts}");
        messages.Faults.ShouldBeEmpty(counts);
        messages.Counts[StatusCode.InvalidArgument].ShouldBeGreaterThan(count / 5);
        host.Lines.Clear();
        (GC.GetTotalMemory(forceFullCollection: true) - before).ShouldBeLessThan(64 << 20);
    }
}
