using System.Diagnostics;

namespace MedGen.Sandbox.Tests;

public class ProcessTreeTests
{
    // Whoever is left holds the pipe open, so that its end never comes.
    [Theory]
    [InlineData(SandboxMode.Auto)]
    [InlineData(SandboxMode.Limits)]
    public async Task Kill_AtAnyMomentOfTheStart_LeavesNobody(SandboxMode mode)
    {
        SandboxedCommand sleep = new()
        {
            Program = "/usr/bin/sleep", Arguments = ["1000"], Limits = new SandboxLimits { AddressSpaceBytes = 512L << 20, CpuSeconds = 20 },
        };
        for (int i = 0; i < 150; i++)
        {
            using Process process = ProcessSandbox.For(mode).Start(sleep);
            long start = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(start) < TimeSpan.FromMicroseconds(100 * i))
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
