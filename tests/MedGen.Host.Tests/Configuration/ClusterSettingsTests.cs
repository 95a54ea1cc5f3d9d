using MedGen.Cluster;

namespace MedGen.Host.Tests.Configuration;

/// <summary>What a host of a cluster has to have, and must not.</summary>
public sealed class ClusterSettingsTests
{
    private static readonly MedGenHostOptions Good = new()
    {
        DataFolder = "data",
        PluginFolders = [],
        Cluster = new ClusterOptions { Servers = "tls://nats.example:4222" },
        Storage = storage => storage.Database = "Host=db.example;Database=d;Username=u;SSL Mode=VerifyFull",
    };

    [Fact]
    public void Find_OfAHostOfACluster_IsGood() => Find(Good).ShouldBeEmpty();

    [Theory]
    [InlineData("Host=db.example;Database=d;Username=u")]
    [InlineData("Host=db.example;Database=d;Username=u;SSL Mode=Prefer")]
    [InlineData(null)]
    public void Find_OfADatabaseInClearOrNone_SaysSo(string? database) =>
        Find(Good with { Storage = storage => storage.Database = database }).ShouldBe(["storage.database"]);

    [Theory]
    [InlineData("Host=127.0.0.1;Database=d;Username=u")]
    [InlineData("Host=/run/postgresql;Database=d;Username=u")]
    [InlineData("Host=db.example;Database=d;Username=u;SSL Mode=Require")]
    public void Find_OfADatabaseOfThisMachineOrWithTls_IsGood(string database) =>
        Find(Good with { Storage = storage => storage.Database = database }).ShouldBeEmpty();

    [Fact]
    public void Find_OfWhatIsOneHostsAlone_RefusesIt()
    {
        Find(Good with { DicomWeb = true }).ShouldBe(["dicom.rules_file"]);
        Find(Good with { Jobs = jobs => jobs.AuditRetention = TimeSpan.FromDays(90) }).ShouldBe(["jobs.audit_retention"]);
        Find(Good with { Cluster = new(), Storage = storage => storage.MaxCopiesBytes = 1 }).ShouldBe(["storage.max_copies_bytes"]);
        Find(Good with { ReadOnly = true }).ShouldBe(["cluster.servers"]);
        Find(Good with { Cluster = Good.Cluster with { Servers = "nats://nats.example:4222" } }).ShouldBe(["cluster.servers"]);
        Find(Good with { Cluster = Good.Cluster with { Lease = TimeSpan.FromSeconds(1) } }).ShouldBe(["cluster.lease"]);
    }

    private static string[] Find(MedGenHostOptions options) => [.. MedGenHostOptionsValidator.Find(options).Found.Select(one => one.Field)];
}
