namespace MedGen.Plugins.SurgicalPhase;

/// <summary>One analysed second.</summary>
/// <param name="FrameIndex">Position of its frame in the source.</param>
/// <param name="Time">Presentation time of the frame.</param>
/// <param name="Probabilities">Probability of each phase.</param>
internal readonly record struct PhaseSecond(long FrameIndex, TimeSpan Time, double[] Probabilities);
