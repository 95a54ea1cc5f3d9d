using MedGen.Client;
using MedGen.Protos.V1;

namespace MedGen.Cli.Tests.Clusters;

/// <summary>A front and two workers, one of which has no adapters.</summary>
[Long]
public sealed class PlacementTests
{
    private static readonly GenerateVideoRequest Clip = new()
    {
        Prompt = "a lung", Width = 64, Height = 48, NumFrames = 5, NumInferenceSteps = 4, Seed = 1,
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Jobs_GoToWhoCanDoThemAndWhatNobodyCanIsRefused()
    {
        const long Limit = 150_000_000;
        await using TestCluster cluster = new();
        using MedGenClient front = await cluster.StartAsync("a", "front");
        using MedGenClient bare = await cluster.StartAsync("c", "worker", runtime: new { adapter_folders = Array.Empty<string>(), memory_limit_bytes = Limit });
        GenerateVideoRequest adapted = new(Clip) { Wan = new WanOptions { Adapter = "medgen-mini-lung" } };
        await TestCluster.HeardAsync(front, 2);

        MedGenRpcException refusal = await Should.ThrowAsync<MedGenRpcException>(() => TestCluster.AskAsync(front, adapted));
        refusal.Reason.ShouldBe("NO_WORKER_CAN");
        refusal.Message.ShouldContain("with the adapter medgen-mini-lung");
        refusal.Message.ShouldContain("and no adapter");

        using MedGenClient full = await cluster.StartAsync("b", "worker", runtime: new { memory_limit_bytes = Limit });
        await TestCluster.HeardAsync(front, 3);
        string[] jobs = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => TestCluster.AskAsync(front, i % 3 == 0 ? Clip : adapted)));
        foreach (string job in jobs)
        {
            // The bare worker would fail those with an adapter.
            (await TestCluster.WatchAsync(front, job))[^1].State.State.ShouldBe(JobState.Succeeded);
        }

        GenerateVideoRequest large = new(Clip) { Width = 1280, Height = 1280, NumFrames = 81 };
        refusal = await Should.ThrowAsync<MedGenRpcException>(() => TestCluster.AskAsync(front, large));
        refusal.Reason.ShouldBe("NO_WORKER_CAN");
        refusal.Message.ShouldContain("1280x1280 px and 81 frames");
        refusal.Message.ShouldContain("the adapter medgen-mini-lung");
        (await Should.ThrowAsync<MedGenRpcException>(() => TestCluster.AskAsync(front, new(Clip) { Model = "huge" }))).Reason.ShouldBe("NO_WORKER_CAN");

        (int code, string output, string error) = await MedGenCommand.RunAsync("cluster", "status", "--cluster", cluster.Servers, "--wait", "2");
        code.ShouldBe(0, error);
        output.ShouldContain("medgen-mini on cpu");
        output.ShouldContain("s a step, loaded: medgen-mini-lung");
    }
}
