using System.Text.Json;
using MedGen.Application.Cluster;
using MedGen.Cluster.Hosts;

namespace MedGen.Storage.Tests.Clusters;

/// <summary>What a host says that it can do, against the text that hosts of this version send.</summary>
public sealed class HostAbilityMessageTests
{
    private const string SignOfLife =
        """{"id":"a","name":"one","runsJobs":true,"takesRequests":false,"deviceClass":null,"isDraining":false,"jobs":0,"isWithoutRecords":false,"version":"","ability":{"model":"mini","modelHash":"0a","device":"cuda:0","dataType":"bfloat16","adapters":["lung","kin/heart"],"warmAdapters":["lung"],"roomBytes":1000,"freeBytes":400,"stepSeconds":0.5}}""";

    [Fact]
    public void SignOfLife_WithAnAbility_IsWrittenAndReadAsBefore()
    {
        PeerHost read = JsonSerializer.Deserialize<PeerHost>(SignOfLife, ClusterSubjects.Json)!;

        JsonSerializer.Serialize(read, ClusterSubjects.Json).ShouldBe(SignOfLife);
        HostAbility ability = read.Ability.ShouldNotBeNull();
        (ability.Model, ability.ModelHash, ability.Device, ability.DataType).ShouldBe(("mini", "0a", "cuda:0", "bfloat16"));
        (ability.RoomBytes, ability.FreeBytes, ability.StepSeconds).ShouldBe((1000, 400, 0.5));
        ability.Adapters.ShouldBe(["lung", "kin/heart"]);
        ability.WarmAdapters.ShouldBe(["lung"]);
    }
}
