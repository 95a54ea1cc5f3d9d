using MedGen.Evaluation.VBench.Dimensions;
using static TorchSharp.torch;

namespace MedGen.Evaluation.VBench.Networks;

/// <summary>DINO's slot: see <see cref="NetworkSlot.Subject"/>.</summary>
internal sealed class SubjectNetwork(SlotNetwork network) : IFrameEmbedding
{
    /// <summary>The picture that the network gets.</summary>
    public static PlanarPicture Prepare(ClipFrame frame) => PlanarPicture.Of(frame).ScaleShorterTo(224, InterpolationMode.Bilinear).Over(255)
        .Normalise([0.485f, 0.456f, 0.406f], [0.229f, 0.224f, 0.225f]);

    public float[] Embed(ClipFrame frame) => network.Features(Prepare(frame));
}

/// <summary>CLIP's slot: see <see cref="NetworkSlot.Background"/>.</summary>
internal sealed class BackgroundNetwork(SlotNetwork network) : IFrameEmbedding
{
    /// <summary>The picture that the network gets.</summary>
    public static PlanarPicture Prepare(ClipFrame frame) => PlanarPicture.Of(frame).ScaleShorterTo(224, InterpolationMode.Bicubic).CutMiddle(224)
        .Over(255).Normalise([0.48145466f, 0.4578275f, 0.40821073f], [0.26862954f, 0.26130258f, 0.27577711f]);

    public float[] Embed(ClipFrame frame) => network.Features(Prepare(frame));
}

/// <summary>MUSIQ's slot: see <see cref="NetworkSlot.Imaging"/>.</summary>
internal sealed class ImagingNetwork(SlotNetwork network) : IFrameQuality
{
    /// <summary>The picture that the network gets.</summary>
    public static PlanarPicture Prepare(ClipFrame frame) => PlanarPicture.Of(frame).ScaleLongerDownTo(512).Over(255);

    public double Score(ClipFrame frame)
    {
        PlanarPicture.Values answer = network.Run(Prepare(frame));
        return answer.Numbers.Length == 1 ? answer.Numbers[0] : throw network.Misshapen(answer);
    }
}

/// <summary>AMT's slot: see <see cref="NetworkSlot.Motion"/>.</summary>
internal sealed class MotionNetwork(SlotNetwork network) : IFrameInterpolation
{
    /// <summary>A picture that the network gets.</summary>
    public static PlanarPicture Prepare(ClipFrame frame) => PlanarPicture.Of(frame).Over(255).PadTo(16);

    public ClipFrame Between(ClipFrame before, ClipFrame after)
    {
        PlanarPicture first = Prepare(before);
        PlanarPicture.Values answer = network.Run(first, Prepare(after));
        return answer.Shape is [1, 3, var height, var width] && (width, height) == (first.Width, first.Height)
            ? new PlanarPicture(answer.Numbers, first.Width, first.Height).ToFrame(before.Width, before.Height)
            : throw network.Misshapen(answer);
    }
}

/// <summary>RAFT's slot: see <see cref="NetworkSlot.Flow"/>. As upstream, the flow is taken over the repeated edges, too.</summary>
internal sealed class FlowNetwork(SlotNetwork network) : IOpticalFlow
{
    /// <summary>A picture that the network gets.</summary>
    public static PlanarPicture Prepare(ClipFrame frame) => PlanarPicture.Of(frame).PadTo(8);

    public IReadOnlyCollection<float> Lengths(ClipFrame before, ClipFrame after)
    {
        PlanarPicture first = Prepare(before);
        PlanarPicture.Values answer = network.Run(first, Prepare(after));
        int places = first.Width * first.Height;
        return answer.Shape is [1, 2, var height, var width] && (width, height) == (first.Width, first.Height)
            ? [.. Enumerable.Range(0, places).Select(i => MathF.Sqrt(Square(answer.Numbers[i]) + Square(answer.Numbers[places + i])))]
            : throw network.Misshapen(answer);

        static float Square(float value) => value * value;
    }
}

/// <summary>What the two slots of features share.</summary>
internal static class SlotFeatures
{
    /// <summary>The features of a picture.</summary>
    public static float[] Features(this SlotNetwork network, PlanarPicture picture)
    {
        PlanarPicture.Values answer = network.Run(picture);
        return answer.Shape is [1, > 0] ? answer.Numbers : throw network.Misshapen(answer);
    }
}
