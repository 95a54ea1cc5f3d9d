using System.Globalization;
using System.Text;
using MedGen.Classifiers.Training.SurgicalPhase.Evaluation;

namespace MedGen.Classifiers.Training.SurgicalPhase;

/// <summary>Writes a course as text that <see cref="PhaseFileReader"/> reads.</summary>
public static class PhaseExport
{
    /// <summary>Rate at which Cholec80 counts frames.</summary>
    public const int Cholec80FramesPerSecond = 25;

    /// <summary>
    /// Frame that Cholec80's annotations would give the answer of a second. The picture that it was made from is the video's nearest one, up to half
    /// a frame off: at 29.97 frames a second the answer of second 4 is from 3.971 s.
    /// </summary>
    /// <param name="seconds">Time of the answer.</param>
    /// <returns>A multiple of 25.</returns>
    public static long Cholec80Frame(double seconds) => (long)Math.Round(seconds, MidpointRounding.AwayFromZero) * Cholec80FramesPerSecond;

    /// <summary>The format of Cholec80's annotations: <c>Frame⇥Phase</c>, frames counted at 25 per second whatever the video's rate.</summary>
    /// <param name="course">The course.</param>
    /// <returns>The text, lines ended by a line feed.</returns>
    public static string Cholec80(PhaseCourse course)
    {
        ArgumentNullException.ThrowIfNull(course);
        var text = new StringBuilder("Frame\tPhase\n");
        for (int i = 0; i < course.Phases.Count; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{Cholec80Frame(course.Times[i])}\t{course.Labels[course.Phases[i]]}\n");
        }

        return text.ToString();
    }

    /// <summary>CSV (RFC 4180) with the columns frame (in the video), seconds, phase, entropy (nats) and <c>p_NAME</c> for each phase.</summary>
    /// <param name="course">The course.</param>
    /// <returns>The text, lines ended by a line feed.</returns>
    public static string Csv(PhaseCourse course)
    {
        ArgumentNullException.ThrowIfNull(course);
        var text = new StringBuilder("frame,seconds,phase,entropy");
        foreach (string label in course.Labels)
        {
            text.Append(',').Append(PhaseFileReader.ProbabilityPrefix).Append(label);
        }

        text.Append('\n');
        for (int i = 0; i < course.Phases.Count; i++)
        {
            double entropy = -course.Probabilities[i].Sum(p => p > 0 ? p * Math.Log(p) : 0);
            text.Append(
                CultureInfo.InvariantCulture, $"{course.Frames[i]},{course.Times[i]:0.###},{course.Labels[course.Phases[i]]},{entropy:0.####}");
            foreach (double probability in course.Probabilities[i])
            {
                text.Append(CultureInfo.InvariantCulture, $",{probability:0.######}");
            }

            text.Append('\n');
        }

        return text.ToString();
    }
}
