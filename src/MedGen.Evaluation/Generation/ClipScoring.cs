using MedGen.Sdk.Frames;
using MedGen.Classifiers.Frames;
using MedGen.Classifiers.Networks;
using static TorchSharp.torch;

namespace MedGen.Evaluation.Generation;

/// <summary>Looks at clips through the imaging-modality classifier: what it calls them, and its features of them.</summary>
/// <param name="classifier">The classifier, on the CPU.</param>
/// <param name="shape">Shape of all clips.</param>
internal sealed class ClipScoring(FrameClassifier classifier, ClipShape shape)
{
    // Neighbouring frames hardly differ.
    private const int ScoredEvery = 2;
    private const int EmbeddedEvery = 4;

    /// <summary>Labels of the classifier.</summary>
    public IReadOnlyList<string> Labels => classifier.Metadata.Labels;

    /// <summary>The answer for a clip.</summary>
    public FrameVerdict Classify(byte[] clip) => classifier.Decide(classifier.Score(Pictures(clip, ScoredEvery)));

    /// <summary>Features of clips: those of the first network, over whole frames, mean over the frames.</summary>
    /// <param name="clips">The clips.</param>
    /// <returns>[N, <see cref="FrameNetwork.FeatureLength"/>], float64, in the current dispose scope.</returns>
    public Tensor Features(IReadOnlyList<byte[]> clips)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        List<Tensor> rows = [];
        foreach (byte[] clip in clips)
        {
            using var inner = NewDisposeScope();
            FramePicture[] pictures = Pictures(clip, EmbeddedEvery);
            Tensor views = FrameViews.Of(pictures, FrameNetwork.ViewSide);
            Tensor whole = views.reshape(pictures.Length, FrameViews.Count, 3, FrameNetwork.ViewSide, FrameNetwork.ViewSide).select(1, 0);
            rows.Add(classifier.Networks[0].Embed(whole).mean([0]).to_type(ScalarType.Float64).MoveToOuterDisposeScope());
        }

        return stack(rows).MoveToOuterDisposeScope();
    }

    private FramePicture[] Pictures(byte[] clip, int every)
    {
        List<FramePicture> pictures = [];
        for (int frame = 0; frame < shape.NumFrames; frame += every)
        {
            byte[] pixels = clip[(frame * shape.FrameBytes)..((frame + 1) * shape.FrameBytes)];
            pictures.Add(FramePicture.FromFrame(VideoFrame.Wrap(pixels, shape.Width, shape.Height)));
        }

        return [.. pictures];
    }
}
