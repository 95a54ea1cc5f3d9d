using MedGen.Training.Clips;

namespace MedGen.Training.Flow;

/// <summary>A clip as a flow is trained on it: latents in the cache, and its words.</summary>
/// <param name="LatentsPath">File with float32 latents [C, F, H, W].</param>
/// <param name="Brief">Caption of one sentence.</param>
/// <param name="Detailed">Caption of a few sentences.</param>
/// <param name="Free">Captions in free words; may be empty.</param>
/// <param name="Name">Name of the clip.</param>
internal sealed record FlowItem(string LatentsPath, string Brief, string Detailed, IReadOnlyList<string> Free, string Name)
{
    /// <summary>The item of a clip.</summary>
    public static FlowItem Of(TrainingClip clip, string latentsPath) => new(latentsPath, clip.Brief, clip.Detailed, clip.Free, clip.Name);
}
