using MedGen.Sdk.Frames;

namespace MedGen.Datasets.Clips;

/// <summary>A clip as numbers that a network has learnt elsewhere to see: the same clip has the same numbers on the same machine.</summary>
public interface IClipFeatures : IDisposable
{
    /// <summary>How reports name them, with what tells one set of weights from another.</summary>
    string Name { get; }

    /// <summary>Describes a clip; from any thread.</summary>
    /// <param name="pixels">R, G, B bytes of all frames, as <paramref name="shape"/> says.</param>
    /// <param name="shape">The clip's shape.</param>
    /// <returns>As many numbers for every clip.</returns>
    double[] Of(byte[] pixels, ClipShape shape);
}
