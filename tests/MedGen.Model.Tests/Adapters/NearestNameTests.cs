using MedGen.Model.Adapters;

namespace MedGen.Model.Tests.Adapters;

public sealed class NearestNameTests
{
    private static readonly string[] Known =
    [
        "blocks.0.cross_attn.k", "blocks.0.cross_attn.q", "blocks.0.ffn.0", "blocks.0.ffn.2", "blocks.0.self_attn.q", "blocks.1.self_attn.q", "head.head",
        "time_projection.1",
    ];

    [Theory]
    [InlineData("blocks.0.self_attn.qq", "blocks.0.self_attn.q")]
    [InlineData("blocks.0.self_atn.q", "blocks.0.self_attn.q")]
    [InlineData("blocks.0.cross_attn.k_img", "blocks.0.cross_attn.k")]
    [InlineData("blocks.1.ffn.0", null)] // of another block it would be another weight
    [InlineData("blocks.30.self_attn.q", null)]
    [InlineData("time_projection.0", "time_projection.1")]
    [InlineData("single_transformer_blocks", null)]
    public void Of_AName_IsTheOneOfItsBlockThatIsFewestLettersAway(string name, string? expected) => NearestName.Of(name, Known).ShouldBe(expected);
}
