using MedGen.Evaluation.VBench.Dimensions;

namespace MedGen.Evaluation.VBench.Networks;

/// <summary>Features of a frame, whose cosine says how alike two frames are.</summary>
internal interface IFrameEmbedding
{
    /// <summary>The features; all frames of one clip give as many.</summary>
    float[] Embed(ClipFrame frame);
}

/// <summary>The frame in the middle of two.</summary>
internal interface IFrameInterpolation
{
    /// <summary>A frame of their size.</summary>
    ClipFrame Between(ClipFrame before, ClipFrame after);
}

/// <summary>A score of one frame, in the unit that the dimension is reported in.</summary>
internal interface IFrameQuality
{
    /// <summary>The score.</summary>
    double Score(ClipFrame frame);
}

/// <summary>How far things move between two frames.</summary>
internal interface IOpticalFlow
{
    /// <summary>Length of the flow at every place that it is known at, in px of the frame.</summary>
    IReadOnlyCollection<float> Lengths(ClipFrame before, ClipFrame after);
}
