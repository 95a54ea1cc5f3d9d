using MedGen.Datasets.Clips;
using MedGen.Sdk.Frames;

namespace MedGen.Evaluation.Studies.Features;

/// <summary>Thumbnails of the frames and technical measures: fast, trained on nothing, weak.</summary>
internal sealed class ThumbnailFeatures : IClipFeatures
{
    public string Name => ClipDescriptor.Name + "; sharpness, brightness, motion and flicker";

    public double[] Of(byte[] pixels, ClipShape shape)
    {
        ClipQuality quality = ClipQuality.Of(pixels, shape);
        return [.. ClipDescriptor.Of(pixels, shape).Select(value => (double)value),
            .. new[] { quality.Sharpness, quality.Brightness, quality.Motion, quality.Flicker }.Select(value => Math.Log(1 + value) / 10)];
    }

    public void Dispose()
    {
        // It holds nothing.
    }
}
