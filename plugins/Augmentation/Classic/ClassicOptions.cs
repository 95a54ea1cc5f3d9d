using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using MedGen.Plugins.Augmentation.Options;

namespace MedGen.Plugins.Augmentation.Classic;

/// <summary>Options of the method <c>classic</c>. Each clip has its parameters drawn once, so that all its frames are altered alike.</summary>
internal sealed record ClassicOptions : IMethodOptions
{
    [MinLength(1), Description("Operations to choose from.")]
    public IReadOnlyList<ClassicOperation> Operations { get; init; } = Enum.GetValues<ClassicOperation>();

    /// <summary>As in RandAugment (arXiv 1909.13719).</summary>
    [Range(1, 10), Description("Operations that a clip undergoes, drawn without repetition.")]
    public int PerClip { get; init; } = 2;

    [Range(0.01, 1.0), Description("Strength of every operation.")]
    public double Magnitude { get; init; } = 0.5;

    [Description("Mirrorings that the anatomy allows; each is done to half of the clips. None by default, since most views have a side.")]
    public IReadOnlyList<Mirroring> Flips { get; init; } = [];

    [Description("Mixing with another training clip.")]
    public ClipMixing Mix { get; init; } = ClipMixing.None;

    [Range(0.05, 1.0), Description("Parameter of the Beta distribution of the mixing weight.")]
    public double MixAlpha { get; init; } = 0.2;
}
