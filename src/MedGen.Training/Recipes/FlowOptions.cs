using System.ComponentModel.DataAnnotations;

namespace MedGen.Training.Recipes;

/// <summary>How flow matching draws noise levels and leaves captions out.</summary>
public sealed record FlowOptions
{
    /// <summary><c>logit_normal</c> (Esser et al., arXiv 2403.03206) or <c>uniform</c>. Default logit_normal.</summary>
    [AllowedValues("logit_normal", "uniform")]
    public string TimestepSampling { get; init; } = "logit_normal";

    /// <summary>Mean of the normal distribution behind <c>logit_normal</c>. -4 to 4; default 0.</summary>
    [Range(-4.0, 4.0)]
    public double LogitMean { get; init; }

    /// <summary>Its standard deviation. 0.1 to 4; default 1.</summary>
    [Range(0.1, 4.0)]
    public double LogitStd { get; init; } = 1;

    /// <summary>Moves noise levels towards noise: shift·s / (1 + (shift − 1)·s). 0.1 to 30; default 3.</summary>
    [Range(0.1, 30.0)]
    public double Shift { get; init; } = 3;

    /// <summary>Share of the captions that are left out, for classifier-free guidance (arXiv 2207.12598). 0 to 0.9; default 0.1.</summary>
    [Range(0.0, 0.9)]
    public double CaptionDropout { get; init; } = 0.1;

    /// <summary>Share of the captions of which only some words in a row are shown, meant for prompts of a word or two. 0 to 0.9; default 0.</summary>
    [Range(0.0, 0.9)]
    public double CaptionExcerpts { get; init; }

    /// <summary>Share of the words that are left out of each caption, one by one, so that no single word is leant on. 0 to 0.9; default 0.</summary>
    [Range(0.0, 0.9)]
    public double WordDropout { get; init; }

    /// <summary>
    /// Share of the captions that are replaced by one in free words, for clips that have such (<c>free_captions</c> of the source). 0 to 1;
    /// default 0.
    /// </summary>
    [Range(0.0, 1.0)]
    public double FreeCaptions { get; init; }

    /// <summary>
    /// Share of the clips whose first latent frame the model is given: it stays without noise, at timestep 0, and out of the loss, as in Wan 2.2's
    /// TI2V. The model learns to go on from a picture. Clips of one latent frame are left as they are. 0 to 0.9; default 0.
    /// </summary>
    [Range(0.0, 0.9)]
    public double FirstFrames { get; init; }
}
