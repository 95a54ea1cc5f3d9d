using MedGen.Sdk.Errors;
using MedGen.Plugins.Augmentation.Options;

namespace MedGen.Plugins.Augmentation.Classic;

/// <summary>Options of the method <c>classic</c>. Each clip has its parameters drawn once, so that all its frames are altered alike.</summary>
internal sealed record ClassicOptions : IMethodOptions
{
    /// <summary>Operations to choose from; default: all.</summary>
    public IReadOnlyList<ClassicOperation> Operations { get; init; } = Enum.GetValues<ClassicOperation>();

    /// <summary>Operations that a clip undergoes, drawn without repetition (RandAugment, arXiv 1909.13719), 1 to 10. Default 2.</summary>
    public int PerClip { get; init; } = 2;

    /// <summary>Strength of every operation, above 0, at most 1. Default 0.5.</summary>
    public double Magnitude { get; init; } = 0.5;

    /// <summary>Mirrorings that the anatomy allows; each is done to half of the clips. Default: none, since most views have a side.</summary>
    public IReadOnlyList<Mirroring> Flips { get; init; } = [];

    /// <summary>Mixing with another training clip. Default: none.</summary>
    public ClipMixing Mix { get; init; } = ClipMixing.None;

    /// <summary>Parameter of the Beta distribution of the mixing weight, 0.05 to 1. Default 0.2.</summary>
    public double MixAlpha { get; init; } = 0.2;

    /// <inheritdoc />
    public void Check(Violations violations)
    {
        violations.Within("per_clip", PerClip, 1, 10);
        violations.Within("magnitude", Magnitude, 0.01, 1);
        violations.Within("mix_alpha", MixAlpha, 0.05, 1);
        violations.Require(Operations.Count > 0, "operations", $"got none", $"one or more");
    }
}
