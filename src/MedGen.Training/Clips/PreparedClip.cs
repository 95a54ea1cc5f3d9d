using MedGen.Sdk.Frames;

namespace MedGen.Training.Clips;

/// <summary>A clip whose pixels lie in the cache.</summary>
/// <param name="Clip">The clip.</param>
/// <param name="Key">Identity of its content at its shape.</param>
/// <param name="Path">File with R, G, B bytes of all frames.</param>
/// <param name="Shape">Its shape.</param>
internal sealed record PreparedClip(TrainingClip Clip, string Key, string Path, ClipShape Shape);
