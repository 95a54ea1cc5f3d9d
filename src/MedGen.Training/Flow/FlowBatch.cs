namespace MedGen.Training.Flow;

/// <summary>What a forward pass of a flow needs.</summary>
/// <param name="Latents">Clean latents of B clips, each [C, F, H, W].</param>
/// <param name="Shape">[B, C, F, H, W].</param>
/// <param name="Sigmas">Noise level of each.</param>
/// <param name="Captions">Words of each.</param>
/// <param name="Given">Whether the model is given the first latent frame of each.</param>
internal sealed record FlowBatch(float[] Latents, long[] Shape, float[] Sigmas, string[] Captions, bool[] Given);
