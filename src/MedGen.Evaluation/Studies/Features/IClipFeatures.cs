using MedGen.Sdk.Frames;

namespace MedGen.Evaluation.Studies.Features;

/// <summary>What the study's own classifier sees of a clip; by it pools are compared with real clips, too.</summary>
internal interface IClipFeatures : IDisposable
{
    /// <summary>How the report names it.</summary>
    string Name { get; }

    /// <summary>Describes a clip; from any thread.</summary>
    /// <param name="pixels">R, G, B bytes of all frames, as <paramref name="shape"/> says.</param>
    /// <param name="shape">The clip's shape.</param>
    /// <returns>As many numbers for every clip.</returns>
    double[] Of(byte[] pixels, ClipShape shape);
}
