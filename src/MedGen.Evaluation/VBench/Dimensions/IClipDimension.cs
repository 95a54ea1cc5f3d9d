namespace MedGen.Evaluation.VBench.Dimensions;

/// <summary>One dimension of one clip: it is shown every frame in order and then says its score. Made for each clip anew.</summary>
internal interface IClipDimension
{
    /// <summary>Looks at the next frame.</summary>
    void Add(ClipFrame frame);

    /// <summary>The score of what was shown; null where the clip is too short for it.</summary>
    ClipScore? Score();
}

/// <summary>What a dimension says of a clip.</summary>
/// <param name="Value">The score, in the dimension's unit.</param>
/// <param name="Weight">What it counts in the mean over clips: 1, or as many frames as were compared.</param>
internal sealed record ClipScore(double Value, int Weight = 1);
