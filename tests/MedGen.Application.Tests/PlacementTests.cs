using MedGen.Application.Cluster;
using MedGen.Sdk.Generation;

namespace MedGen.Application.Tests;

/// <summary>Which host can do a job, and which one is better for it.</summary>
public sealed class PlacementTests
{
    private static readonly VideoGenerationRequest Clip = new()
    {
        Prompt = "a", Width = 64, Height = 64, NumFrames = 5, FramesPerSecond = 8, NumInferenceSteps = 1, GuidanceScale = 1, Seed = 1,
    };

    private static readonly HostAbility Host = new()
    {
        Model = "mini", ModelHash = "a", Adapters = ["lung", "kin/heart"], WarmAdapters = ["lung"], RoomBytes = 100, FreeBytes = 40,
    };

    [Theory]
    [InlineData("mini", "x", null, true)] // of the same name: another folder of weights, as after an upgrade
    [InlineData("other", "a", null, true)] // the same weights in a folder of another name
    [InlineData("other", "x", null, false)]
    [InlineData("other", null, null, false)]
    [InlineData("mini", "a", "other", false)] // asked for by name
    [InlineData("other", "x", "mini", true)]
    public void Can_OfAModel_GoesByTheNameThatWasAskedForElseByWeights(string model, string? hash, string? named, bool can) =>
        Placement.Can(Needs() with { Model = model, ModelHash = hash, Named = named }, Host, bytes: 1).ShouldBe(can);

    [Theory]
    [InlineData("lung", true)]
    [InlineData("kin/heart", true)]
    [InlineData("kin/lung", true)] // everybody's, which a tenant of adapters of its own reaches, too
    [InlineData("heart", false)]
    [InlineData("other/heart", false)]
    public void Can_OfAnAdapter_GoesByWhoReachesIt(string adapter, bool can) => Placement.Can(Needs(adapter), Host, bytes: 1).ShouldBe(can);

    [Fact]
    public void Can_OfASize_GoesByTheRoomBesideTheWeights()
    {
        Placement.Can(Needs(), Host, bytes: 100).ShouldBeTrue(); // when the others have ended
        Placement.Can(Needs(), Host, bytes: 101).ShouldBeFalse();
        Placement.Can(Needs(), Host, bytes: null).ShouldBeTrue();
    }

    [Fact]
    public void Can_WhereAHostDoesNotTell_IsTakenForGranted()
    {
        Placement.Can(Needs("heart"), null, bytes: 1).ShouldBeTrue();
        Placement.Can(Needs("heart"), Host with { Adapters = null }, bytes: 1).ShouldBeTrue();
        Placement.Can(Needs(), new HostAbility(), bytes: null).ShouldBeFalse(); // it says that it has no model
        Placement.Can(Needs(), new HostAbility { IsLoading = true }, bytes: null).ShouldBeTrue(); // its model may be the one
    }

    [Fact]
    public void IsBetter_IsAHostThatHasTheAdapterOnItsDevice()
    {
        HostAbility cold = Host with { WarmAdapters = [] };

        Placement.IsBetter(Needs("lung"), cold, 1, Host, 1).ShouldBeTrue();
        Placement.IsBetter(Needs("lung"), Host, 1, Host, 1).ShouldBeFalse();
        Placement.IsBetter(Needs("lung"), cold, 1, cold, 1).ShouldBeFalse();
        Placement.IsBetter(Needs(), cold, 1, Host, 1).ShouldBeFalse();
        Placement.IsBetter(Needs("lung", "kin/heart"), cold, 1, Host, 1).ShouldBeFalse(); // it would have to load one, too
        Placement.IsBetter(Needs("lung"), cold, 1, null, null).ShouldBeFalse();
        Placement.IsBetter(Needs("lung"), cold, 1, Host with { ModelHash = "x", Model = "y" }, 1).ShouldBeFalse();
        Placement.IsBetter(Needs("lung"), cold, 1, Host with { RoomBytes = 0 }, 1).ShouldBeFalse();
    }

    [Fact]
    public void IsBetter_IsAHostThatHasMemoryFree()
    {
        Placement.IsBetter(Needs(), Host with { FreeBytes = 40 }, 50, Host with { FreeBytes = 60 }, 50).ShouldBeTrue();
        Placement.IsBetter(Needs(), Host with { FreeBytes = 50 }, 50, Host with { FreeBytes = 60 }, 50).ShouldBeFalse();
        Placement.IsBetter(Needs(), Host with { FreeBytes = 40 }, 50, Host with { FreeBytes = 45 }, 50).ShouldBeFalse();
        Placement.IsBetter(Needs(), Host, null, Host, null).ShouldBeFalse();
    }

    private static JobNeeds Needs(params string[] adapters) => new() { Model = "mini", ModelHash = "a", Adapters = adapters, Clip = Clip };
}
