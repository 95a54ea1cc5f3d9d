using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Grpc.Core;
using Grpc.Net.Client;
using MedGen.Application.Auditing;
using MedGen.Client;
using MedGen.Host.Access;
using MedGen.Sdk.Errors;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using Proto = MedGen.Protos.V1;

namespace MedGen.Host.Tests.Access;

public sealed class OpenCallTests : IAsyncLifetime
{
    private readonly AccessFolder _files = new();
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);
    private TestIssuer _issuer = null!;

    public async ValueTask InitializeAsync() => _issuer = await TestIssuer.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _issuer.DisposeAsync();
        _files.Dispose();
    }

    [Fact]
    public async Task WatchJob_WhenTheKeyIsRevoked_EndsUnauthenticatedAndIsAudited()
    {
        await using RunningHost host = await StartAsync();
        using MedGenClient ann = host.ClientWith(Tokens.Of("ann"));
        using MedGenClient bob = host.ClientWith(Tokens.Of("bob"));
        (string jobId, Task<StatusCode> generation) = await GenerateAsync(host, bob);
        Task<StatusCode> watched = await OpenAsync(ann.Jobs.WatchAsync(jobId, cancellationToken: RunningHost.Token));

        WriteKeys("bob", "aud");
        (await EndedAsync(watched)).ShouldBe(StatusCode.Unauthenticated);
        host.Generator.Gate!.SetResult();
        (await generation).ShouldBe(StatusCode.OK);
        using MedGenClient auditor = host.ClientWith(Tokens.Of("aud"));
        (await auditor.Audit.ListAsync(new() { Action = "WatchJob", Caller = "ann" }, RunningHost.Token).ToListAsync(RunningHost.Token))
            .ShouldContain(record => record.Outcome == "UNAUTHENTICATED");
    }

    [Fact]
    public async Task Calls_WhenARefusalCannotBeRecorded_EndAllTheSame()
    {
        await using RunningHost host = await StartAsync(services: services => services.AddSingleton<IAuditTrail>(new BrokenTrail()));
        host.ExpectsErrors = true;
        using MedGenClient ann = host.ClientWith(Tokens.Of("ann"));
        using MedGenClient bob = host.ClientWith(Tokens.Of("bob"));
        (string jobId, Task<StatusCode> generation) = await GenerateAsync(host, bob);
        Task<StatusCode> watched = await OpenAsync(ann.Jobs.WatchAsync(jobId, cancellationToken: RunningHost.Token));

        WriteKeys("bob", "aud");
        (await EndedAsync(watched)).ShouldBe(StatusCode.Unauthenticated);

        WriteKeys("aud");
        (await EndedAsync(generation)).ShouldBe(StatusCode.Unauthenticated);
        host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested.ShouldBeFalse();
    }

    [Fact]
    public async Task GenerateVideo_WhenTheKeyExpires_EndsUnauthenticated()
    {
        await using RunningHost host = await StartAsync(expires: _time.GetUtcNow() + (CredentialWatch.Interval / 2));
        using MedGenClient ann = host.ClientWith(Tokens.Of("ann"));
        (_, Task<StatusCode> generation) = await GenerateAsync(host, ann);

        (await EndedAsync(generation)).ShouldBe(StatusCode.Unauthenticated);
    }

    [Fact]
    public async Task GenerateVideo_WhenTheTokenExpires_EndsUnauthenticated()
    {
        await using RunningHost host = await StartAsync();
        using MedGenClient rita = host.ClientWith(_issuer.Token("rita", _time.GetUtcNow(), life: CredentialWatch.Interval / 2));
        (_, Task<StatusCode> generation) = await GenerateAsync(host, rita);

        (await EndedAsync(generation)).ShouldBe(StatusCode.Unauthenticated);
    }

    [Fact]
    public async Task GenerateVideo_WhenTheRoleIsTakenAway_EndsWithPermissionDenied()
    {
        await using RunningHost host = await StartAsync();
        using MedGenClient rita = host.ClientWith(_issuer.Token("rita", _time.GetUtcNow()));
        (_, Task<StatusCode> generation) = await GenerateAsync(host, rita);

        WriteAccess(roles: ["viewer"]);
        (await EndedAsync(generation)).ShouldBe(StatusCode.PermissionDenied);
    }

    [Fact]
    public async Task StreamFrames_WhenTheCallerIsDenied_EndsUnauthenticated()
    {
        await using RunningHost host = await StartAsync();
        using MedGenClient rita = host.ClientWith(_issuer.Token("rita", _time.GetUtcNow()));
        Proto.StreamFramesConfig config = new() { Task = "brightness", Width = 4, Height = 2 };
        Task<StatusCode> stream = await OpenAsync(rita.Analysis.StreamFramesAsync(config, Frames(RunningHost.Token), RunningHost.Token));

        WriteAccess(denied: ["clinic:rita"]);
        (await EndedAsync(stream)).ShouldBe(StatusCode.Unauthenticated);

        static async IAsyncEnumerable<Proto.RawFrame> Frames([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            yield return new Proto.RawFrame { Rgb24 = Google.Protobuf.ByteString.CopyFrom(new byte[24]) };
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
    }

    [Fact]
    public async Task DownloadArtifact_WhenTheKeyIsRevoked_EndsUnauthenticatedBeforeItsLastByte()
    {
        await using RunningHost host = await StartAsync();
        Proto.Artifact artifact = await UploadAsync(host, 32 << 20);
        using GrpcChannel channel = GrpcChannel.ForAddress(host.Endpoints.Grpc);
        using AsyncServerStreamingCall<Proto.DownloadArtifactResponse> call = new Proto.Artifacts.ArtifactsClient(channel).DownloadArtifact(
            new() { ArtifactId = artifact.ArtifactId },
            new Metadata { { "authorization", "Bearer " + Tokens.Of("ann") } },
            cancellationToken: RunningHost.Token);
        await call.ResponseStream.MoveNext(RunningHost.Token);

        WriteKeys("bob");
        // Once: of more, the host would take the caller for one who does not read.
        _time.Advance(CredentialWatch.Interval);

        long bytes = 0;
        RpcException ended = await Should.ThrowAsync<RpcException>(() => ReadAsync().WaitAsync(TimeSpan.FromMinutes(2), RunningHost.Token));
        ended.StatusCode.ShouldBe(StatusCode.Unauthenticated);
        bytes.ShouldBeLessThan(artifact.SizeBytes);

        async Task ReadAsync()
        {
            while (await call.ResponseStream.MoveNext(RunningHost.Token))
            {
                bytes += call.ResponseStream.Current.Chunk.Length;
            }
        }
    }

    [Fact]
    public async Task DownloadOverHttp_WhoseCallerDoesNotRead_IsBrokenOff()
    {
        await using RunningHost host = await StartAsync();
        Proto.Artifact artifact = await UploadAsync(host, 32 << 20);
        using HttpRequestMessage request = new(HttpMethod.Get, $"/v1/artifacts/{artifact.ArtifactId}/content");
        request.Headers.Authorization = new("Bearer", Tokens.Of("ann"));
        using HttpResponseMessage response = await host.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, RunningHost.Token);
        await using Stream body = await response.Content.ReadAsStreamAsync(RunningHost.Token);

        WriteKeys("bob");
        await Should.ThrowAsync<Exception>(() => EndedAsync(body.CopyToAsync(Stream.Null, RunningHost.Token)));
    }

    [Fact]
    public async Task UploadOverHttp_WhenTheKeyIsRevoked_IsAnsweredWith401()
    {
        await using RunningHost host = await StartAsync();
        using TcpClient connection = new();
        await connection.ConnectAsync(IPAddress.Loopback, host.Endpoints.Http.Port, RunningHost.Token);
        string[] request =
        [
            "PUT /v1/artifacts?name=clip.bin HTTP/1.1", "Host: localhost", $"Authorization: Bearer {Tokens.Of("ann")}", "Content-Length: 1000",
            "Expect: 100-continue", "", "",
        ];
        await connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes(string.Join("\r\n", request)), RunningHost.Token);
        using StreamReader answer = new(connection.GetStream());
        (await answer.ReadLineAsync(RunningHost.Token)).ShouldBe("HTTP/1.1 100 Continue");

        WriteKeys("bob");
        // Once: of more, the body would be too slow.
        _time.Advance(CredentialWatch.Interval);

        await answer.ReadLineAsync(RunningHost.Token).AsTask().WaitAsync(TimeSpan.FromMinutes(2), RunningHost.Token);
        (await answer.ReadLineAsync(RunningHost.Token)).ShouldBe("HTTP/1.1 401 Unauthorized");
    }

    [Fact]
    public async Task WatchJob_WhenTheCertificateIsRevoked_EndsUnauthenticated()
    {
        using TestAuthority authority = new();
        _files.Write("trusted.pem", authority.AuthoritiesPem);
        string access = WriteCertificates();
        (string certificateFile, string key) = authority.Issue("host");
        await using RunningHost host = await RunningHost.StartAsync(
            options => options with { CertificateFile = certificateFile, KeyFile = key, AccessFile = access },
            authority.RootFile,
            services => services.AddSingleton<TimeProvider>(_time));
        (string shownFile, string shownKey) = authority.Issue("pacs-3");
        using MedGenClient pacs = new(new MedGenClientOptions
        {
            Address = host.Endpoints.Grpc, AuthorityFile = authority.RootFile, CertificateFile = shownFile, KeyFile = shownKey,
        });
        (string jobId, Task<StatusCode> generation) = await GenerateAsync(host, pacs);
        Task<StatusCode> watched = await OpenAsync(pacs.Jobs.WatchAsync(jobId, cancellationToken: RunningHost.Token));

        // Good certificates stay good.
        _time.Advance(CredentialWatch.Interval);
        (await pacs.Jobs.GetAsync(jobId, RunningHost.Token)).State.ShouldBe(Proto.JobState.Running);
        watched.IsCompleted.ShouldBeFalse();

        using X509Certificate2 certificate = X509Certificate2.CreateFromPem(await File.ReadAllTextAsync(shownFile, RunningHost.Token));
        WriteCertificates(certificate.GetCertHashString(HashAlgorithmName.SHA256));

        // Both at one look: at the next one, a call that was ended and goes on is broken off.
        StatusCode[] ended = await EndedAsync(Task.WhenAll(watched, generation));
        ended.ShouldAllBe(code => code == StatusCode.Unauthenticated);

        string WriteCertificates(params string[] revoked) => _files.Access(new
        {
            certificates = new { trust_file = "trusted.pem", revoked },
            grants = new[] { new { caller = "certificate:pacs-3", roles = new[] { "researcher" } } },
        });
    }

    private Task<RunningHost> StartAsync(DateTimeOffset? expires = null, Action<IServiceCollection>? services = null)
    {
        string keys = _files.Keys(
            Tokens.Key("ann", ["researcher"], expires: expires), Tokens.Key("bob", ["researcher"]), Tokens.Key("aud", ["auditor"]));
        string access = WriteAccess();
        return RunningHost.StartAsync(
            options => options with { TokenFile = keys, AccessFile = access },
            services: all =>
            {
                all.AddSingleton<TimeProvider>(_time);
                services?.Invoke(all);
            });
    }

    private void WriteKeys(params string[] names) =>
        _files.Keys([.. names.Select(name => Tokens.Key(name, [name == "aud" ? "auditor" : "researcher"]))]);

    private string WriteAccess(string[]? roles = null, string[]? denied = null) => _files.Access(new
    {
        issuers = new[] { new { name = "clinic", issuer = _issuer.Url, audience = TestIssuer.Audience, clock_skew_seconds = 0 } },
        grants = new[] { new { caller = "clinic:rita", roles = roles ?? ["operator"] } },
        denied = denied ?? [],
    });

    private async Task<Proto.Artifact> UploadAsync(RunningHost host, int bytes)
    {
        using MedGenClient bob = host.ClientWith(Tokens.Of("bob"));
        string file = _files.PathOf("clip.bin");
        await File.WriteAllBytesAsync(file, new byte[bytes], RunningHost.Token);
        return await bob.Artifacts.UploadAsync(file, cancellationToken: RunningHost.Token);
    }

    // A generation that waits in the plugin.
    private static async Task<(string JobId, Task<StatusCode> Call)> GenerateAsync(RunningHost host, MedGenClient client)
    {
        host.Generator.Gate ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource<string> started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<StatusCode> call = CodeOf(async () =>
        {
            string? jobId = null;
            await foreach (Proto.JobEvent one in client.Generation.GenerateAsync(RunningHost.Small(), RunningHost.Token))
            {
                jobId ??= one.Accepted.JobId;
                if (one.State?.State == Proto.JobState.Running)
                {
                    started.SetResult(jobId);
                }
            }
        });
        await Task.WhenAny(started.Task, call);
        started.Task.IsCompleted.ShouldBeTrue("the generation ended before it ran");
        return (await started.Task, call);
    }

    // What the host looks at may have changed a moment after its clock went on, so the clock goes on until the call has ended; not at once, since at
    // the second look the connection of a call that was ended is broken. A call that never ends fails the test instead of holding it up.
    private async Task<T> EndedAsync<T>(Task<T> call)
    {
        await EndedAsync((Task)call);
        return await call;
    }

    private async Task EndedAsync(Task call)
    {
        for (int looks = 0; looks < 20 && !call.IsCompleted; looks++)
        {
            _time.Advance(CredentialWatch.Interval);
            await Task.WhenAny(call, Task.Delay(TimeSpan.FromSeconds(5), RunningHost.Token));
        }

        call.IsCompleted.ShouldBeTrue("the call goes on");
        await call;
    }

    // The call, when it has answered for the first time.
    private static async Task<Task<StatusCode>> OpenAsync<T>(IAsyncEnumerable<T> answers)
    {
        TaskCompletionSource first = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<StatusCode> call = CodeOf(async () =>
        {
            await foreach (T _ in answers)
            {
                first.TrySetResult();
            }
        });
        await Task.WhenAny(first.Task, call);
        return call;
    }

    private static async Task<StatusCode> CodeOf(Func<Task> call)
    {
        try
        {
            await call();
            return StatusCode.OK;
        }
        catch (MedGenRpcException refused)
        {
            return refused.StatusCode;
        }
    }

    // An audit log whose database is damaged.
    private sealed class BrokenTrail : IAuditTrail
    {
        public Task RecordAsync(AuditEntry entry) =>
            entry.Outcome == "UNAUTHENTICATED" ? throw new DataLossException("DATABASE_DAMAGED", "It is damaged.") : Task.CompletedTask;
    }
}
