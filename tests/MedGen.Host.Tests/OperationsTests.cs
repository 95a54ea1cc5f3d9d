using MedGen.Application.Artifacts;
using Microsoft.Extensions.DependencyInjection;
using Proto = MedGen.Protos.V1;

namespace MedGen.Host.Tests;

/// <summary>The host as it says that it is.</summary>
public sealed class OperationsTests
{
    [Fact]
    public async Task GetSystem_SaysWhatProcessDiskAndQueueAre()
    {
        await using RunningHost host = await RunningHost.StartAsync();
        host.Generator.Gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await host.Client.Generation.GenerateAsync(RunningHost.Small(), RunningHost.Token).FirstAsync(RunningHost.Token);

        Proto.SystemStatus system = await host.Client.Operations.GetSystemAsync(RunningHost.Token);

        StoreState disk = host.Services.GetRequiredService<IStoreState>().Read();
        (system.DiskTotalBytes, system.DiskShortage, system.LostContents).ShouldBe((disk.TotalBytes, "", 0));
        system.DiskFreeBytes.ShouldBeInRange(1, disk.TotalBytes);
        system.ResidentBytes.ShouldBeInRange(1 << 20, system.MemoryLimitBytes);
        system.StartedAt.ToDateTimeOffset().ShouldBeLessThan(DateTimeOffset.UtcNow);
        system.FramesToGenerate.ShouldBe(RunningHost.Small().NumFrames);
        (system.Version, system.RuntimeVersion).ShouldBe((typeof(IStoreState).Assembly.GetName().Version!.ToString(3), Environment.Version.ToString()));
    }
}
