namespace MedGen.Cli.Tests.Clusters;

/// <summary><c>samples/cluster/up.sh</c>, as its README says. Skipped where what it starts is not installed.</summary>
[Long]
public sealed class ClusterSampleTests
{
    [Fact(Timeout = 300_000)]
    public async Task Cluster_OfTheSample_WorksAndEndsClean()
    {
        Assert.SkipUnless(
            Directory.Exists("/usr/lib/postgresql") && File.Exists("/usr/sbin/nats-server"),
            "PostgreSQL or nats-server is not installed; './medgen test --long' installs them.");

        string output = await SampleScript.RunAsync("samples/cluster/up.sh", TestContext.Current.CancellationToken);

        output.ShouldContain("== the frames are the same\n");
        output.ShouldEndWith("== done\n");
    }
}
