using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using MedGen.Client;
using Microsoft.Extensions.Logging;
using Proto = MedGen.Protos.V1;

namespace MedGen.Host.Tests;

public class ArtifactsTests
{
    private static readonly string Clip = Path.Combine(AppContext.BaseDirectory, "lung_ultrasound.mp4");

    [Fact]
    public async Task UploadAndDownload_AClip_GivesTheSameBytes()
    {
        await using RunningHost host = await RunningHost.StartAsync();
        string copy = Path.Combine(host.Folder, "copy.mp4");

        Proto.Artifact stored = await host.Client.Artifacts.UploadAsync(Clip, cancellationToken: RunningHost.Token);
        await host.Client.Artifacts.DownloadAsync(stored.ArtifactId, copy, cancellationToken: RunningHost.Token);

        File.ReadAllBytes(copy).ShouldBe(File.ReadAllBytes(Clip));
        (await host.Client.Artifacts.GetAsync(stored.ArtifactId, RunningHost.Token)).ShouldBe(stored);
        stored.MediaType.ShouldBe("video/mp4");
        await host.Client.Artifacts.DeleteAsync(stored.ArtifactId, RunningHost.Token);
        (await ShouldFail(() => host.Client.Artifacts.GetAsync(stored.ArtifactId, RunningHost.Token))).StatusCode.ShouldBe(StatusCode.NotFound);
    }

    [Theory]
    [InlineData("0000", 0, "sha256")]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000", 0, "sha256")]
    [InlineData(null, 1, "metadata.size_bytes")]
    [InlineData(null, -1, "metadata.size_bytes")]
    public async Task Upload_NotAsDeclared_IsRefusedAndLeavesNothing(string? sha256, int sizeError, string field)
    {
        await using RunningHost host = await RunningHost.StartAsync();
        byte[] content = RandomNumberGenerator.GetBytes(100_000);
        Proto.UploadMetadata metadata = Describe(content);
        metadata.Sha256 = sha256 ?? metadata.Sha256;
        metadata.SizeBytes += sizeError;

        RpcException error = await Should.ThrowAsync<RpcException>(() => UploadAsync(host, metadata, content));

        error.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        error.GetRpcStatus()!.GetDetail<Google.Rpc.BadRequest>().FieldViolations.Single().Field.ShouldBe(field);
        StoredFiles(host).ShouldBeEmpty();
    }

    [Fact]
    public async Task Upload_OverTheLimit_IsExhaustedAndLeavesNothing()
    {
        await using RunningHost host = await RunningHost.StartAsync(options => options with { MaxUploadBytes = 1000 });
        byte[] content = new byte[5000];

        RpcException error = await Should.ThrowAsync<RpcException>(() => UploadAsync(host, Describe(content), content));

        error.StatusCode.ShouldBe(StatusCode.ResourceExhausted);
        StoredFiles(host).ShouldBeEmpty();
    }

    [Fact]
    public async Task Upload_AbortedHalfWay_LeavesNothing()
    {
        await using RunningHost host = await RunningHost.StartAsync();
        byte[] content = new byte[200_000];
        using GrpcChannel channel = GrpcChannel.ForAddress(host.Endpoints.Grpc);
        using (AsyncClientStreamingCall<Proto.UploadArtifactRequest, Proto.Artifact> call = new Proto.Artifacts.ArtifactsClient(channel).UploadArtifact(cancellationToken: RunningHost.Token))
        {
            await call.RequestStream.WriteAsync(new() { Metadata = Describe(content) }, RunningHost.Token);
            await call.RequestStream.WriteAsync(new() { Chunk = ByteString.CopyFrom(content, 0, 100_000) }, RunningHost.Token);
        }

        // The stop waits for the call to be over.
        await host.StopHostAsync();
        StoredFiles(host).ShouldBeEmpty();
    }

    [Fact]
    public async Task Upload_WithoutMetadata_IsInvalid()
    {
        await using RunningHost host = await RunningHost.StartAsync();
        using GrpcChannel channel = GrpcChannel.ForAddress(host.Endpoints.Grpc);
        using AsyncClientStreamingCall<Proto.UploadArtifactRequest, Proto.Artifact> call = new Proto.Artifacts.ArtifactsClient(channel).UploadArtifact(cancellationToken: RunningHost.Token);
        await call.RequestStream.WriteAsync(new() { Chunk = ByteString.CopyFrom(1) }, RunningHost.Token);
        await call.RequestStream.CompleteAsync();

        (await Should.ThrowAsync<RpcException>(() => call.ResponseAsync)).StatusCode.ShouldBe(StatusCode.InvalidArgument);
    }

    [Fact]
    public async Task Download_WithAnOffset_GivesTheRest()
    {
        await using RunningHost host = await RunningHost.StartAsync();
        byte[] content = RandomNumberGenerator.GetBytes(100_000);
        Proto.Artifact stored = await UploadAsync(host, Describe(content), content);
        using GrpcChannel channel = GrpcChannel.ForAddress(host.Endpoints.Grpc);
        using AsyncServerStreamingCall<Proto.DownloadArtifactResponse> call = new Proto.Artifacts.ArtifactsClient(channel)
            .DownloadArtifact(new() { ArtifactId = stored.ArtifactId, OffsetBytes = 70_000 }, cancellationToken: RunningHost.Token);

        List<byte> rest = [];
        await foreach (Proto.DownloadArtifactResponse part in call.ResponseStream.ReadAllAsync(RunningHost.Token))
        {
            rest.AddRange(part.Chunk.ToByteArray());
        }

        rest.ShouldBe(content[70_000..]);
    }

    [Fact]
    public async Task Http_PutThenGetARange_GivesTheBytes()
    {
        await using RunningHost host = await RunningHost.StartAsync();
        byte[] content = RandomNumberGenerator.GetBytes(300_000);
        using ByteArrayContent body = new(content) { Headers = { ContentType = new MediaTypeHeaderValue("video/mp4") } };

        using HttpResponseMessage put = await host.Http.PutAsync($"/v1/artifacts?name=a.mp4&sha256={Convert.ToHexStringLower(SHA256.HashData(content))}", body, RunningHost.Token);
        put.StatusCode.ShouldBe(HttpStatusCode.Created);
        using JsonDocument json = JsonDocument.Parse(await put.Content.ReadAsStringAsync(RunningHost.Token));
        string id = json.RootElement.GetProperty("artifactId").GetString()!;
        using HttpRequestMessage get = new(HttpMethod.Get, $"/v1/artifacts/{id}/content") { Headers = { Range = new RangeHeaderValue(100, 199) } };
        using HttpResponseMessage got = await host.Http.SendAsync(get, RunningHost.Token);

        got.StatusCode.ShouldBe(HttpStatusCode.PartialContent);
        got.Content.Headers.ContentType!.MediaType.ShouldBe("video/mp4");
        (await got.Content.ReadAsByteArrayAsync(RunningHost.Token)).ShouldBe(content[100..200]);
    }

    [Fact]
    public async Task Http_WrongShaOrUnknownId_IsAProblemWithTheSameReason()
    {
        await using RunningHost host = await RunningHost.StartAsync();
        using ByteArrayContent body = new([1, 2, 3]) { Headers = { ContentType = new MediaTypeHeaderValue("video/mp4") } };

        using HttpResponseMessage put = await host.Http.PutAsync($"/v1/artifacts?name=a.mp4&sha256={new string('0', 64)}", body, RunningHost.Token);
        using HttpResponseMessage get = await host.Http.GetAsync($"/v1/artifacts/{new string('0', 32)}/content", RunningHost.Token);

        put.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        put.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        get.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        using JsonDocument problem = JsonDocument.Parse(await get.Content.ReadAsStringAsync(RunningHost.Token));
        problem.RootElement.GetProperty("reason").GetString().ShouldBe("NOT_FOUND");
    }

    private static Proto.UploadMetadata Describe(byte[] content) =>
        new() { Name = "clip.mp4", MediaType = "video/mp4", SizeBytes = content.Length, Sha256 = Convert.ToHexStringLower(SHA256.HashData(content)) };

    [Fact]
    public async Task Download_DamagedContent_IsDataLossUntilItIsUploadedAgain()
    {
        await using RunningHost host = await RunningHost.StartAsync();
        host.ExpectsErrors = true;
        string copy = Path.Combine(host.Folder, "copy.mp4");
        Proto.Artifact stored = await host.Client.Artifacts.UploadAsync(Clip, cancellationToken: RunningHost.Token);
        Damage(host, stored);

        MedGenRpcException error = await ShouldFail(() => host.Client.Artifacts.DownloadAsync(stored.ArtifactId, copy, cancellationToken: RunningHost.Token));

        error.StatusCode.ShouldBe(StatusCode.DataLoss);
        error.Reason.ShouldBe("ARTIFACT_DAMAGED");
        error.Metadata["artifact_id"].ShouldBe(stored.ArtifactId);
        File.Exists(copy).ShouldBeFalse();
        host.Lines.ShouldContain(line => line.Level == LogLevel.Error && line.Text.Contains(stored.ArtifactId, StringComparison.Ordinal));

        await host.Client.Artifacts.UploadAsync(Clip, cancellationToken: RunningHost.Token);
        await host.Client.Artifacts.DownloadAsync(stored.ArtifactId, copy, cancellationToken: RunningHost.Token);
        File.ReadAllBytes(copy).ShouldBe(File.ReadAllBytes(Clip));
    }

    [Fact]
    public async Task DownloadOverHttp_DamagedContent_IsBrokenOffShortOfItsLength()
    {
        await using RunningHost host = await RunningHost.StartAsync();
        host.ExpectsErrors = true;
        Proto.Artifact stored = await host.Client.Artifacts.UploadAsync(Clip, cancellationToken: RunningHost.Token);
        Damage(host, stored);

        using HttpResponseMessage answer = await host.Http.GetAsync(
            new Uri($"/v1/artifacts/{stored.ArtifactId}/content", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, RunningHost.Token);

        await Should.ThrowAsync<HttpRequestException>(() => answer.Content.ReadAsByteArrayAsync(RunningHost.Token));
    }

    [Fact]
    public async Task DownloadOverHttp_PartOfDamagedContent_IsAProblemWithItsReason()
    {
        await using RunningHost host = await RunningHost.StartAsync();
        host.ExpectsErrors = true;
        Proto.Artifact stored = await host.Client.Artifacts.UploadAsync(Clip, cancellationToken: RunningHost.Token);
        Damage(host, stored);
        using HttpRequestMessage request = new(HttpMethod.Get, $"/v1/artifacts/{stored.ArtifactId}/content");
        request.Headers.Range = new RangeHeaderValue(10, 19);

        using HttpResponseMessage answer = await host.Http.SendAsync(request, RunningHost.Token);

        answer.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        answer.Headers.ETag.ShouldBeNull();
        using JsonDocument problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(RunningHost.Token));
        problem.RootElement.GetProperty("title").GetString().ShouldBe("DataLoss");
        problem.RootElement.GetProperty("reason").GetString().ShouldBe("ARTIFACT_DAMAGED");
        problem.RootElement.GetProperty("metadata").GetProperty("artifact_id").GetString().ShouldBe(stored.ArtifactId);
    }

    private static void Damage(RunningHost host, Proto.Artifact artifact)
    {
        using FileStream file = new(StoredFiles(host).Single(path => Path.GetFileName(path) == artifact.Sha256), FileMode.Open, FileAccess.Write);
        file.Seek(-16, SeekOrigin.End);
        file.Write(new byte[16]);
    }

    private static async Task<Proto.Artifact> UploadAsync(RunningHost host, Proto.UploadMetadata metadata, byte[] content)
    {
        using GrpcChannel channel = GrpcChannel.ForAddress(host.Endpoints.Grpc);
        using AsyncClientStreamingCall<Proto.UploadArtifactRequest, Proto.Artifact> call = new Proto.Artifacts.ArtifactsClient(channel).UploadArtifact(cancellationToken: RunningHost.Token);
        try
        {
            await call.RequestStream.WriteAsync(new() { Metadata = metadata }, RunningHost.Token);
            foreach (byte[] chunk in content.Chunk(64 * 1024))
            {
                await call.RequestStream.WriteAsync(new() { Chunk = ByteString.CopyFrom(chunk) }, RunningHost.Token);
            }

            await call.RequestStream.CompleteAsync();
        }
        catch (Exception error) when (error is RpcException or InvalidOperationException)
        {
            // Refused before all was sent; the answer says why.
        }

        return await call.ResponseAsync;
    }

    private static async Task<MedGenRpcException> ShouldFail(Func<Task> call) => await Should.ThrowAsync<MedGenRpcException>(call);

    // The database, the host's key and the audit log's anchor are there in any case.
    private static IEnumerable<string> StoredFiles(RunningHost host) =>
        Directory.EnumerateFiles(host.Folder, "*", SearchOption.AllDirectories)
            .Where(file => !new[] { "medgen", "host-key", "audit-" }.Any(own => Path.GetFileName(file).StartsWith(own, StringComparison.Ordinal)));
}
