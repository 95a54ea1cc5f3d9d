using System.Text.Json;
using MedGen.Application.Cluster;
using MedGen.Cluster.Hosts;

namespace MedGen.Storage.Tests.Clusters;

/// <summary>What hosts tell each other, against the text that hosts of this version send: during an upgrade versions run side by side.</summary>
public class ClusterMessagesTests
{
    private const string SignOfLife =
        """{"id":"0123456789abcdef0123456789abcdef","name":"one","runsJobs":true,"takesRequests":true,"deviceClass":"h100","isDraining":true,"jobs":3,"isWithoutRecords":true,"version":"0.1.0"}""";

    private static readonly PeerHost Host = new()
    {
        Id = "0123456789abcdef0123456789abcdef", Name = "one", RunsJobs = true, TakesRequests = true, DeviceClass = "h100", IsDraining = true, Jobs = 3, IsWithoutRecords = true, Version = "0.1.0",
    };

    [Fact]
    public void SignOfLife_IsWrittenAndReadAsBefore()
    {
        JsonSerializer.Serialize(Host, ClusterSubjects.Json).ShouldBe(SignOfLife);
        JsonSerializer.Deserialize<PeerHost>(SignOfLife, ClusterSubjects.Json).ShouldBe(Host);
    }

    [Fact]
    public void SignOfLife_OfAnotherVersion_IsReadAsFarAsItIsKnown()
    {
        PeerHost later = JsonSerializer.Deserialize<PeerHost>(SignOfLife.Replace("}", ""","placement":{"model":"x"}}"""), ClusterSubjects.Json)!;
        PeerHost earlier = JsonSerializer.Deserialize<PeerHost>("""{"id":"a","name":"b"}""", ClusterSubjects.Json)!;

        later.ShouldBe(Host);
        (earlier.RunsJobs, earlier.TakesRequests, earlier.Jobs, earlier.Version).ShouldBe((false, false, 0, ""));
    }

    [Fact]
    public void News_HaveTheNamesThatOtherVersionsKnow() =>
        Enum.GetNames<PeerNewsKind>().ShouldBe(["JobQueued", "JobChanged", "JobCancelled", "ContentRemoved"]);

    [Fact]
    public void Subjects_AreThoseThatTheServersGiveRightsTo()
    {
        new[] { ClusterSubjects.Hosts, ClusterSubjects.News, ClusterSubjects.Drain }.ShouldBe(["medgen.hosts", "medgen.news", "medgen.drain"]);
        string rights = File.ReadAllText(RepositoryRoot.Path("deploy", "cluster", "clients.conf"));
        rights.ShouldContain("medgen.hosts");
        rights.ShouldContain("medgen.drain");
    }
}
