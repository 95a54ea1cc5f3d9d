using MedGen.Client;
using Proto = MedGen.Protos.V1;

namespace MedGen.Host.Tests;

public class ReconnectTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Watch_WhoseConnectionIsCut_GoesOnAfterTheLastEvent(bool hard)
    {
        await using RunningHost host = await RunningHost.StartAsync();
        await using TcpRelay relay = new(host.Endpoints.Grpc.Port);
        using MedGenClient client = new(new MedGenClientOptions { Address = new UriBuilder(host.Endpoints.Grpc) { Port = relay.Port }.Uri });
        Proto.Job job = await host.HoldJobAsync();
        List<Proto.JobEvent> seen = [];

        await foreach (Proto.JobEvent one in client.Jobs.WatchAsync(job.JobId, cancellationToken: RunningHost.Token))
        {
            seen.Add(one);
            if (one.Progress is { Stage: Proto.JobStage.EncodingPrompt })
            {
                // The plugin waits, so nothing more would come before the cut.
                relay.Cut(hard);
                host.Generator.Gate!.SetResult();
            }
        }

        relay.Lines.ShouldBe(2);
        seen.Select(one => one.Number).ShouldBe(Enumerable.Range(1, seen.Count).Select(number => (long)number));
        seen.ShouldBe(await host.Client.Jobs.WatchAsync(job.JobId, cancellationToken: RunningHost.Token).ToListAsync(RunningHost.Token));
        seen[^1].State.State.ShouldBe(Proto.JobState.Succeeded);
    }

    // Wherever the cut finds the client, between messages or in the middle of one.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Upload_WhoseConnectionIsCut_FailsAsACallAndLeavesNothing(bool hard)
    {
        await using RunningHost host = await RunningHost.StartAsync();
        await using TcpRelay relay = new(host.Endpoints.Grpc.Port);
        string file = Path.Combine(host.Folder, "film.bin");
        await File.WriteAllBytesAsync(file, new byte[16 << 20], RunningHost.Token);

        for (int cut = 1; cut <= 10; cut++)
        {
            using MedGenClient client = new(new MedGenClientOptions { Address = new UriBuilder(host.Endpoints.Grpc) { Port = relay.Port }.Uri });
            Sent sent = new((long)cut << 20, () => relay.Cut(hard));
            await Should.ThrowAsync<MedGenRpcException>(() => client.Artifacts.UploadAsync(file, sent, cancellationToken: RunningHost.Token));
        }

        (await host.Client.Artifacts.ListAsync(cancellationToken: RunningHost.Token).ToListAsync(RunningHost.Token)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Watch_OfAHostThatStaysAway_GivesUpAfterItsLimit()
    {
        await using RunningHost host = await RunningHost.StartAsync();
        using MedGenClient client = new(new MedGenClientOptions { Address = host.Endpoints.Grpc, ReconnectLimit = TimeSpan.FromMilliseconds(500) });
        Proto.Job job = await host.HoldJobAsync();
        await using IAsyncEnumerator<Proto.JobEvent> watch = client.Jobs.WatchAsync(job.JobId, cancellationToken: RunningHost.Token).GetAsyncEnumerator(RunningHost.Token);
        (await watch.MoveNextAsync()).ShouldBeTrue();

        await host.StopHostAsync();

        MedGenRpcException error = await Should.ThrowAsync<MedGenRpcException>(async () =>
        {
            while (await watch.MoveNextAsync())
            {
            }
        });
        error.StatusCode.ShouldBe(Grpc.Core.StatusCode.Unavailable);
    }

    // The upload goes on while the line is cut, by one message at most.
    private sealed class Sent(long bytes, Action then) : IProgress<long>
    {
        private Task? _cut;

        public void Report(long value)
        {
            _cut?.Wait(RunningHost.Token);
            if (value == bytes)
            {
                _cut = Task.Run(then);
            }
        }
    }
}
