namespace MedGen.Plugins.SurgicalPhase;

/// <summary>One analysed second.</summary>
/// <param name="FrameIndex">Position of its frame in the source.</param>
/// <param name="Time">Presentation time of the frame.</param>
/// <param name="Probabilities">Probability of each phase; all alike where there is no picture.</param>
/// <param name="HasPicture">False when the frame shows nothing: black, one colour, a camera that is out of the body or unplugged.</param>
internal readonly record struct PhaseSecond(long FrameIndex, TimeSpan Time, double[] Probabilities, bool HasPicture = true);
