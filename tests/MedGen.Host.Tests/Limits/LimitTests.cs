using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using MedGen.Client;
using MedGen.Host.Limits;
using MedGen.Host.Tests.Access;
using Proto = MedGen.Protos.V1;

namespace MedGen.Host.Tests.Limits;

public sealed class LimitTests : IDisposable
{
    private readonly AccessFolder _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task Calls_InFlightOverTheLimitOfACaller_AreRefusedAndOthersServed()
    {
        await using RunningHost host = await StartAsync(new MedGenCallLimits { CallsInFlightPerCaller = 1 });
        using MedGenClient ann = host.ClientWith(Tokens.Of("ann"));
        using MedGenClient bob = host.ClientWith(Tokens.Of("bob"));
        host.Generator.Gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using IAsyncEnumerator<Proto.JobEvent> held = ann.Generation.GenerateAsync(RunningHost.Small(), RunningHost.Token).GetAsyncEnumerator(RunningHost.Token);
        await held.MoveNextAsync();

        MedGenRpcException refused = await Should.ThrowAsync<MedGenRpcException>(() => ann.Models.GetAsync(RunningHost.Token));
        (refused.StatusCode, refused.Reason).ShouldBe((StatusCode.ResourceExhausted, "TOO_MANY_CALLS"));
        refused.RetryAfter.ShouldNotBeNull().ShouldBeGreaterThan(TimeSpan.Zero);
        (await bob.Models.GetAsync(RunningHost.Token)).Name.ShouldBe("mini");
    }

    [Theory]
    [InlineData("address")]
    [InlineData("caller")]
    [InlineData("tenant")]
    public async Task Calls_ManyAtOnceOverTheRate_AreRefusedInPart(string what)
    {
        await using RunningHost host = await StartAsync(what switch
        {
            "address" => new MedGenCallLimits { CallsPerSecondPerAddress = 2 },
            "caller" => new MedGenCallLimits { CallsPerSecondPerCaller = 2 },
            _ => new MedGenCallLimits { CallsPerSecondPerTenant = 2 },
        });
        using MedGenClient ann = host.ClientWith(Tokens.Of("ann"));

        Task<Proto.Model>[] calls = [.. Enumerable.Range(0, 50).Select(_ => ann.Models.GetAsync(RunningHost.Token))];
        await Task.WhenAll(calls).ContinueWith(_ => { }, TaskScheduler.Default);

        calls.Count(call => call.IsCompletedSuccessfully).ShouldBeInRange(2, 49);
        calls.Where(call => call.IsFaulted).ShouldAllBe(call => ((MedGenRpcException)call.Exception!.InnerException!).Reason == "TOO_MANY_CALLS");
    }

    [Fact]
    public async Task Http_OverTheRate_SaysWhenToTryAgain()
    {
        await using RunningHost host = await StartAsync(new MedGenCallLimits { CallsPerSecondPerAddress = 1 });

        HttpResponseMessage[] answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => host.Http.GetAsync("/v1/jobs", RunningHost.Token)));

        HttpResponseMessage refused = answers.First(answer => answer.StatusCode == HttpStatusCode.TooManyRequests);
        (await refused.Content.ReadAsStringAsync(RunningHost.Token)).ShouldContain("retryDelay");
        Array.ForEach(answers, answer => answer.Dispose());
    }

    [Fact]
    public async Task Connections_OfOneAddressOverTheLimit_AreClosedAtOnce()
    {
        await using RunningHost host = await StartAsync(new MedGenCallLimits { ConnectionsPerAddress = 3 });

        // Whichever comes last to the host: the others are held for ten seconds.
        Socket[] silent = [.. Enumerable.Range(0, 4).Select(_ => new Socket(SocketType.Stream, ProtocolType.Tcp))];
        (await await Task.WhenAny(silent.Select(socket => StayUntilClosedAsync(host, socket)))).ShouldBeTrue();
        Array.ForEach(silent, socket => socket.Dispose());
        host.Lines.ShouldContain(line => line.Text.StartsWith("Connections are refused", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Connections_ThatStaySilent_AreClosed()
    {
        await using RunningHost host = await StartAsync(new MedGenCallLimits { FirstByteTimeout = TimeSpan.FromMilliseconds(50) });

        using Socket socket = await ConnectAsync(host);

        (await IsClosedAsync(socket)).ShouldBeTrue();
    }

    [Fact]
    public async Task Connections_ThatStaySilentOverTls_AreClosedToo()
    {
        using TestAuthority authority = new();
        (string certificate, string key) = authority.Issue("host");
        await using RunningHost host = await RunningHost.StartAsync(
            options => options with { CertificateFile = certificate, KeyFile = key, Limits = new() { FirstByteTimeout = TimeSpan.FromMilliseconds(200) } },
            authority.RootFile);
        using Socket socket = await ConnectAsync(host);
        X509ChainPolicy trust = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.ImportFromPemFile(authority.RootFile);
        await using SslStream tls = new(new NetworkStream(socket));
        await tls.AuthenticateAsClientAsync(
            new() { TargetHost = "127.0.0.1", ApplicationProtocols = [SslApplicationProtocol.Http2], CertificateChainPolicy = trust }, RunningHost.Token);

        byte[] buffer = new byte[256];
        await Should.NotThrowAsync(async () =>
        {
            try
            {
                while (await tls.ReadAsync(buffer, RunningHost.Token) > 0)
                {
                    // What the server says before it closes.
                }
            }
            catch (IOException)
            {
                // Reset.
            }
        });
    }

    private async Task<RunningHost> StartAsync(MedGenCallLimits limits)
    {
        string file = _files.Keys(Tokens.Key("ann", ["operator"]), Tokens.Key("bob", ["operator"]));
        return await RunningHost.StartAsync(options => options with { TokenFile = file, Limits = limits });
    }

    private static async Task<Socket> ConnectAsync(RunningHost host)
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, host.Endpoints.Grpc.Port, RunningHost.Token);
        return socket;
    }

    // The host may be so quick that it is the connecting that fails.
    private static async Task<bool> StayUntilClosedAsync(RunningHost host, Socket socket)
    {
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, host.Endpoints.Grpc.Port, RunningHost.Token);
            return await IsClosedAsync(socket);
        }
        catch (SocketException)
        {
            return true;
        }
    }

    // Completes when the other side closes, however long that takes.
    private static async Task<bool> IsClosedAsync(Socket socket)
    {
        try
        {
            return await socket.ReceiveAsync(new byte[1], RunningHost.Token) == 0;
        }
        catch (SocketException)
        {
            return true;
        }
    }
}
