namespace MedGen.Plugins.Augmentation.Classic;

/// <summary>How two clips become one with two weighted labels.</summary>
internal enum ClipMixing
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>A weighted mean (Zhang et al. 2018, arXiv 1710.09412).</summary>
    Mixup,

    /// <summary>A box in space of some frames in a row (Yun et al. 2020, VideoMix, arXiv 2012.03457).</summary>
    Cutmix,

    /// <summary>A box in space through all frames.</summary>
    Tubemix,
}
