using MedGen.Sdk.Frames;
using MedGen.Sdk.Plugins;

namespace HelloClassifier;

/// <summary>Proves before the first request that white counts as bright.</summary>
internal sealed class BrightnessSelfTest : IPluginSelfTest
{
    /// <inheritdoc />
    public Task RunAsync(CancellationToken cancellationToken)
    {
        byte[] white = new byte[4 * 4 * 3];
        Array.Fill(white, byte.MaxValue);
        using VideoFrame frame = VideoFrame.Wrap(white, 4, 4);
        double brightness = BrightnessClassifier.Brightness(frame);
        return brightness == 1 ? Task.CompletedTask : throw new InvalidOperationException($"A white frame has brightness {brightness}, expected 1.");
    }
}
