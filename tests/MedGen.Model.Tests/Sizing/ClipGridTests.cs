using MedGen.Model.Sizing;
using MedGen.Model.Autoencoders;
using MedGen.Model.Transformers;

namespace MedGen.Model.Tests.Sizing;

public sealed class ClipGridTests
{
    private static readonly WanAutoencoderConfig Halves = WanAutoencoderConfig.Wan21 with { Multipliers = [1, 2, 4], TemporalDownsample = [false, true] };

    [Fact]
    public void Violations_OfWan21_AreTheDocumentedSteps()
    {
        ClipGrid grid = new(WanTransformerConfig.T2V1Point3B, WanAutoencoderConfig.Wan21);

        grid.Violations(832, 480, 81, 1280, 257).ShouldBeEmpty();
        grid.Violations(830, 1296, 80, 1280, 257).Select(violation => $"{violation.Field}: {violation.Description}").ShouldBe(
        [
            "width: got 830; allowed: multiples of 16 from 16 to 1280.",
            "height: got 1296; allowed: multiples of 16 from 16 to 1280.",
            "num_frames: got 80; allowed: 4k + 1 from 1 to 257.",
        ]);
        grid.Latent(832, 480, 81).ShouldBe((21, 60, 104));
    }

    [Fact]
    public void Violations_OfOtherFactorsAndPatches_FollowThem()
    {
        ClipGrid grid = new(WanTransformerConfig.T2V1Point3B with { PatchSize = (2, 1, 3) }, Halves);

        grid.Violations(24, 20, 3, 1280, 257).ShouldBeEmpty();
        grid.Violations(16, 18, 5, 1280, 257).Select(violation => $"{violation.Field}: {violation.Description}").ShouldBe(
        [
            "width: got 16; allowed: multiples of 12 from 12 to 1280.",
            "height: got 18; allowed: multiples of 4 from 4 to 1280.",
            "num_frames: got 5; allowed: 4k + 3 from 3 to 257.",
        ]);
        grid.Latent(24, 20, 3).ShouldBe((2, 5, 6));
    }
}
