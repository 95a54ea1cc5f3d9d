using MedGen.Training.Autoencoders;
using MedGen.Training.Recipes;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGen.Training.Tests.Autoencoders;

[Collection("torch")]
public class ReconstructionLossTests
{
    [Fact]
    public void Of_EqualPictures_IsOnlyTheDivergence()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor video = rand([1, 3, 5, 16, 16]);
        Tensor zero = zeros([1, 4, 2, 2, 2]);
        ReconstructionOptions options = new() { Kl = 1 };

        ReconstructionLoss.Of(video, video, zero, zero, options).item<float>().ShouldBe(0, 1e-5f);
        ReconstructionLoss.Of(video, video, zero + 2, zero, options).item<float>().ShouldBe(2, 1e-5f);
        ReconstructionLoss.Of(video + 0.1, video, zero, zero, options with { Structure = 0 }).item<float>().ShouldBe(0.105f, 1e-5f);
        ReconstructionLoss.Of(video.roll(1, 4), video, zero, zero, options).item<float>().ShouldBeGreaterThan(0.2f);
    }

    [Fact]
    public void Of_LogL2_CountsEachClipByItsOwnError()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor video = zeros([2, 3, 5, 16, 16]);
        Tensor latents = zeros([2, 4, 2, 2, 2]);
        ReconstructionOptions options = new() { L1 = 0, L2 = 0, Gradient = 0, Structure = 0, Kl = 0, LogL2 = 1 };

        // Ten times less error in the clean clip is worth as much as in the noisy one.
        double both = Of(0.5, 0.05);
        double cleaner = Of(0.5, 0.02);
        double lessNoisy = Of(0.2, 0.05);

        both.ShouldBe((Math.Log(0.25) + Math.Log(0.0025)) / 2, 0.02);
        (both - cleaner).ShouldBe(both - lessNoisy, 0.1);
        Of(0, 0).ShouldBe(Math.Log(4.0 / (255 * 255)), 1e-3); // and no minus infinity

        double Of(double noisy, double clean)
        {
            Tensor output = cat([full([1, 3, 5, 16, 16], noisy), full([1, 3, 5, 16, 16], clean)]);
            return ReconstructionLoss.Of(output, video, latents, latents, options).item<float>();
        }
    }
}
