using System.Globalization;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Models;
using MedGen.Model.Transformers;
using static TorchSharp.torch;
using MedGen.Sdk.Generation;

namespace MedGen.Model.Pipelines;

/// <summary>What a layer of the model computes from a clip.</summary>
internal sealed class FeatureExtraction(MedGenPipeline pipeline)
{

    /// <summary>Checks, encodes, and for a block runs the transformer over the clean latents with the empty text.</summary>
    /// <exception cref="InvalidInputException">A size that the model cannot take, an unknown layer, or a timestep out of range; every such field is
    /// named.</exception>
    public ModelFeatures Extract(IReadOnlyList<VideoFrame> frames, string layer, double timestep)
    {
        FeatureLayer asked = FeatureLayer.Parse(layer, pipeline.Config.NumLayers);
        Check(frames, timestep);
        if (asked.Block is not null && pipeline.NeedsFirstFrame)
        {
            throw new InvalidInputException(
                "layer", $"got '{layer}'; allowed: autoencoder, as the blocks of '{pipeline.Description.Name}' take a picture beside a clip.");
        }

        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        Tensor latents = pipeline.Autoencoder.Encode(FramePixels.ToVideo(frames).to(pipeline.Device)); // [1, C, F, H/8, W/8]
        Tensor features = asked.Block is { } block ? Block(latents, block, timestep) : latents;
        Tensor values = features.squeeze(0).to(ScalarType.Float32, CPU).contiguous();
        return new ModelFeatures { Layer = layer, Shape = [.. values.shape.Select(size => (int)size)], Values = values.data<float>().ToArray() };
    }

    private Tensor Block(Tensor latents, int block, double timestep)
    {
        ForwardContext context = new() { Adapters = pipeline.Adapters };
        WanTransformer expert = pipeline.Experts.OnDevice(pipeline.ExpertAt(timestep));
        using TextContext text = expert.PrepareText([pipeline.Prompts.Encode("")], context);
        return expert.ForwardTo(latents, tensor(new[] { (float)timestep }), text, block, context); // [1, S, dim]
    }

    private void Check(IReadOnlyList<VideoFrame> frames, double timestep)
    {
        List<FieldViolation> violations = [];
        if (timestep is not (>= 0 and <= 1000))
        {
            violations.Add(new FieldViolation("timestep", $"got {timestep.ToString(CultureInfo.InvariantCulture)}; allowed: 0 to 1000."));
        }

        if (frames.Count == 0)
        {
            violations.Add(new FieldViolation("frames", "is empty; at least one is needed."));
        }
        else
        {
            violations.AddRange(
                pipeline.Grid.Violations(frames[0].Width, frames[0].Height, frames.Count, GenerationLimits.MaxSide, GenerationLimits.MaxFrames));
            if (frames.FirstOrDefault(frame => frame.Width != frames[0].Width || frame.Height != frames[0].Height) is { } odd)
            {
                violations.Add(
                    new FieldViolation(
                        "frames", $"holds a frame of {odd.Width}x{odd.Height} px; the first has {frames[0].Width}x{frames[0].Height} px."));
            }
        }

        if (violations.Count > 0)
        {
            throw new InvalidInputException(violations);
        }
    }
}
