namespace MedGen.Model.Transformers;

/// <summary>
/// Names of the transformer's weights: original Wan (<c>blocks.0.self_attn.q.weight</c>), diffusers WanTransformer3DModel, and either under the
/// prefixes that fine-tunes are saved with.
/// </summary>
public static class WanTransformerKeys
{
    private static readonly string[] Prefixes = ["pipe.dit.", "base_model.", "model.", "diffusion_model.", "transformer."];

    // diffusers -> original. Order matters: the longer name first. Beware: diffusers' norm2 (with weights) is the original norm3.
    private static readonly (string Diffusers, string Original)[] Names =
    [
        ("condition_embedder.image_embedder.norm1", "img_emb.proj.0"),
        ("condition_embedder.image_embedder.ff.net.0.proj", "img_emb.proj.1"),
        ("condition_embedder.image_embedder.ff.net.2", "img_emb.proj.3"),
        ("condition_embedder.image_embedder.norm2", "img_emb.proj.4"),
        ("condition_embedder.text_embedder.linear_1", "text_embedding.0"),
        ("condition_embedder.text_embedder.linear_2", "text_embedding.2"),
        ("condition_embedder.time_embedder.linear_1", "time_embedding.0"),
        ("condition_embedder.time_embedder.linear_2", "time_embedding.2"),
        ("condition_embedder.time_proj", "time_projection.1"),
        ("proj_out", "head.head"),
        (".scale_shift_table", ".modulation"),
        ("scale_shift_table", "head.modulation"),
        (".attn1.to_out.0", ".self_attn.o"),
        (".attn2.to_out.0", ".cross_attn.o"),
        (".attn2.add_k_proj", ".cross_attn.k_img"),
        (".attn2.add_v_proj", ".cross_attn.v_img"),
        (".attn2.norm_added_k", ".cross_attn.norm_k_img"),
        (".attn1.to_", ".self_attn."),
        (".attn2.to_", ".cross_attn."),
        (".attn1.", ".self_attn."),
        (".attn2.", ".cross_attn."),
        (".norm2.", ".norm3."),
        (".ffn.net.0.proj", ".ffn.0"),
        (".ffn.net.2", ".ffn.2"),
    ];

    /// <summary>Translates a name to the original convention.</summary>
    /// <param name="name">A name (or module name) in any convention.</param>
    /// <returns>The original name; a name of no known convention comes back as it is, without known prefixes.</returns>
    public static string ToOriginal(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        for (string? prefix = ""; prefix is not null; prefix = Array.Find(Prefixes, p => name.StartsWith(p, StringComparison.Ordinal)))
        {
            name = name[prefix.Length..];
        }

        (string from, string to) = Array.Find(Names, pair => name.Contains(pair.Diffusers, StringComparison.Ordinal));
        return from is null ? name : name.Replace(from, to, StringComparison.Ordinal);
    }

    /// <summary>Translates an original name to diffusers' convention.</summary>
    /// <param name="name">An original name.</param>
    /// <returns>The name there; a name of no known part comes back as it is.</returns>
    internal static string ToDiffusers(string name)
    {
        if (name == "head.modulation")
        {
            return "scale_shift_table";
        }

        (string to, string from) = Array.Find(Names, pair => name.Contains(pair.Original, StringComparison.Ordinal));
        return from is null ? name : name.Replace(from, to, StringComparison.Ordinal);
    }
}
