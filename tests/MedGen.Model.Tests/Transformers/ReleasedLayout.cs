using MedGen.Model.Transformers;

namespace MedGen.Model.Tests.Transformers;

/// <summary>Names and shapes of the weights in a released transformer file, written down here and not asked from the code under test.</summary>
internal static class ReleasedLayout
{
    public static IEnumerable<(string Name, long[] Shape)> Of(WanTransformerConfig c)
    {
        IEnumerable<(string, long[])> Linear(string name, long to, long from) => [($"{name}.weight", [to, from]), ($"{name}.bias", [to])];
        List<(string, long[])> all =
        [
            ("patch_embedding.weight", [c.Dim, 16, 1, 2, 2]),
            ("patch_embedding.bias", [c.Dim]),
            .. Linear("text_embedding.0", c.Dim, 4096),
            .. Linear("text_embedding.2", c.Dim, c.Dim),
            .. Linear("time_embedding.0", c.Dim, 256),
            .. Linear("time_embedding.2", c.Dim, c.Dim),
            .. Linear("time_projection.1", 6 * c.Dim, c.Dim),
        ];
        for (int i = 0; i < c.NumLayers; i++)
        {
            all.Add(($"blocks.{i}.modulation", [1, 6, c.Dim]));
            all.AddRange([($"blocks.{i}.norm3.weight", [c.Dim]), ($"blocks.{i}.norm3.bias", [c.Dim])]);
            foreach (string attention in (string[])["self_attn", "cross_attn"])
            {
                all.AddRange("qkvo".SelectMany(part => Linear($"blocks.{i}.{attention}.{part}", c.Dim, c.Dim)));
                all.AddRange("qk".Select(part => ($"blocks.{i}.{attention}.norm_{part}.weight", new long[] { c.Dim })));
            }

            all.AddRange(Linear($"blocks.{i}.ffn.0", c.FfnDim, c.Dim));
            all.AddRange(Linear($"blocks.{i}.ffn.2", c.Dim, c.FfnDim));
        }

        return [.. all, ("head.modulation", [1, 2, c.Dim]), .. Linear("head.head", 64, c.Dim)];
    }
}
