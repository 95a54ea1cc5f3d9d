using MedGen.Classifiers.Modality;
using MedGen.Datasets.Clips;
using MedGen.Sdk.Frames;

namespace MedGen.Host.Features;

/// <summary>
/// Features for the learnt privacy check of augmentations, without deviations, which a copy at another speed changes; loaded when the first one asks.
/// See <see cref="ModalityClipFeatures"/>.
/// </summary>
/// <param name="weights">The modality classifier's weights file.</param>
internal sealed class HostClipFeatures(string weights) : IClipFeatures
{
    private readonly Lazy<ModalityClipFeatures> _features = new(() => new ModalityClipFeatures(weights, hasDeviations: false));

    public string Name => _features.Value.Name;

    public double[] Of(byte[] pixels, ClipShape shape) => _features.Value.Of(pixels, shape);

    public void Dispose()
    {
        if (_features.IsValueCreated)
        {
            _features.Value.Dispose();
        }
    }
}
