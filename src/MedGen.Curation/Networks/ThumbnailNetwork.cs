using MedGen.Datasets.Clips;
using MedGen.Sdk.Frames;

namespace MedGen.Curation.Networks;

/// <summary>
/// Grey thumbnails of 16 × 16 cells, for machines without the classifier's weights: it tells scenes apart and knows nothing of what they show.
/// </summary>
internal sealed class ThumbnailNetwork : IFrameNetwork
{
    public string Name => "grey thumbnails, 16 × 16 cells, Pearson correlation";

    public bool Answers => false;

    public Task<FrameLook> LookAsync(VideoFrame frame, CancellationToken cancellationToken)
    {
        ClipShape shape = new() { Width = frame.Width, Height = frame.Height, NumFrames = 1, FramesPerSecond = 1 };
        return Task.FromResult(new FrameLook(ClipDescriptor.Of(frame.Pixels.Span, shape), Answer: null));
    }

    public double Similarity(FrameLook a, FrameLook b) => ClipDescriptor.Correlation(a.Features, b.Features);

    public string? Modality(IReadOnlyList<FrameAnswer> answers) => null;
}
