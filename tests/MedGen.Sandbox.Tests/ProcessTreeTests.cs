using System.Diagnostics;

namespace MedGen.Sandbox.Tests;

public class ProcessTreeTests
{
    [Theory]
    [InlineData(SandboxMode.Auto)]
    [InlineData(SandboxMode.Limits)]
    public Task Kill_AtSomeMomentsOfTheStart_LeavesNobody(SandboxMode mode) => KillAtMomentsAsync(mode, count: 30);

    [Theory, Long]
    [InlineData(SandboxMode.Auto)]
    [InlineData(SandboxMode.Limits)]
    public Task Kill_AtManyMomentsOfTheStart_LeavesNobody(SandboxMode mode) => KillAtMomentsAsync(mode, count: 300);

    // Over 15 ms, in which a start is done. Whoever is left holds the pipe open, so that its end never comes.
    private static async Task KillAtMomentsAsync(SandboxMode mode, int count)
    {
        SandboxedCommand sleep = new()
        {
            Program = "/usr/bin/sleep", Arguments = ["1000"], Limits = new SandboxLimits { AddressSpaceBytes = 512L << 20, CpuSeconds = 20 },
        };
        for (int i = 0; i < count; i++)
        {
            using Process process = ProcessSandbox.For(mode).Start(sleep);
            long start = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(start) < TimeSpan.FromMilliseconds(15) * i / count)
            {
                Thread.SpinWait(10);
            }

            ProcessTree.Kill(process);

            await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken)
                .WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
    }
}
