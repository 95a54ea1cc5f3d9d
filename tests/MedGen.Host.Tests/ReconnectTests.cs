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
        await using TcpRelay relay = new(host.Endpoints.Grpc);
        using MedGenClient client = new(new MedGenClientOptions { Address = relay.Address });
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
}
