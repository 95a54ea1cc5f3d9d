using MedGen.Classifiers.Modality;
using MedGen.Datasets.Clips;
using MedGen.Sdk.Frames;

namespace MedGen.Evaluation.Studies.Features;

/// <summary>Features of a frozen backbone; see <see cref="ModalityClipFeatures"/>.</summary>
/// <param name="weights">The modality classifier's weights file.</param>
/// <exception cref="Sdk.Errors.ModelFormatException">The file is missing or broken.</exception>
internal sealed class PretrainedFeatures(string weights) : IClipFeatures
{
    private readonly ModalityClipFeatures _features = new(weights);

    public string Name => _features.Name;

    public double[] Of(byte[] pixels, ClipShape shape) => _features.Of(pixels, shape);

    public void Dispose() => _features.Dispose();
}
