using MedGen.Cli.Output;

namespace MedGen.Cli.Tests;

/// <summary>What a log tells of long work.</summary>
public class ProgressLinesTests
{
    [Fact]
    public void Show_ManySteps_WritesALineEveryTenSeconds()
    {
        using StringWriter log = new() { NewLine = "\n" };
        Clock clock = new();
        ProgressLines lines = new(log, clock);

        for (int second = 0; second <= 25; second++)
        {
            clock.Seconds = second;
            lines.Show($"step {second}", second / 50.0);
        }

        log.ToString().ShouldBe("step 10 (20 %)\nstep 20 (40 %)\n");
    }

    private sealed class Clock : TimeProvider
    {
        public double Seconds { get; set; }

        public override long GetTimestamp() => (long)(Seconds * TimestampFrequency);
    }
}
