using MedGen.Media;

namespace MedGen.Evaluation.Experiments;

/// <summary>What reads and writes clips.</summary>
/// <param name="Reader">Decodes.</param>
/// <param name="Writer">Encodes.</param>
public sealed record ExperimentMedia(IVideoReader Reader, IVideoWriter Writer);
