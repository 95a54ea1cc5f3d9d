using MedGen.Model.Transformers;
using static TorchSharp.torch;

namespace MedGen.Model.Pipelines;

/// <summary>
/// Predicts the guided velocity of a session's steps: exactly, or with the shortcuts that its request asks for. <see cref="SessionBatch"/> does so
/// for several sessions at once.
/// </summary>
internal interface IVelocityPrediction : IDisposable
{
    /// <summary>Predicts.</summary>
    /// <param name="transformer">The model where it computes now, which another step may find elsewhere.</param>
    /// <param name="step">0 to the run's number of steps − 1, one after the other.</param>
    /// <param name="latents">[1, C, F, H, W].</param>
    /// <returns>The guided velocity, [1, C, F, H, W], in the current dispose scope.</returns>
    Tensor Predict(WanTransformer transformer, int step, Tensor latents);
}
