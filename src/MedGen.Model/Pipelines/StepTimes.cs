using MedGen.Model.Transformers;
using static TorchSharp.torch;

namespace MedGen.Model.Pipelines;

/// <summary>The timesteps of a run as the transformer takes them.</summary>
/// <param name="Values">Timestep of each step of the run.</param>
/// <param name="FirstFrameIsGiven">Whether the first latent frame is a given picture: its tokens are told 0, for it has no noise.</param>
internal sealed record StepTimes(IReadOnlyList<float> Values, bool FirstFrameIsGiven)
{
    /// <summary>Those of one step.</summary>
    /// <param name="transformer">The model.</param>
    /// <param name="step">Which, from 0.</param>
    /// <param name="latents">[1, C, F, H, W].</param>
    /// <returns>[1], or [1, S] by token.</returns>
    public Tensor Of(WanTransformer transformer, int step, Tensor latents) => Of(transformer, latents, Values[step], FirstFrameIsGiven);

    /// <summary>Those of a step with this timestep.</summary>
    public static Tensor Of(WanTransformer transformer, Tensor latents, float timestep, bool firstFrameIsGiven)
    {
        if (!firstFrameIsGiven)
        {
            return tensor(new[] { timestep });
        }

        float[] frames = new float[latents.size(2)];
        frames.AsSpan(1).Fill(timestep);
        return transformer.ByToken(tensor(frames).unsqueeze(0), latents);
    }
}
