using System.Globalization;
using MedGen.Sdk.Errors;

namespace MedGen.Phantoms.Procedures;

/// <summary>Writes labels in the text formats of Cholec80. Frame numbers count at 25 per second; lines end with a line feed.</summary>
public static class Cholec80Text
{
    /// <summary>Rate at which Cholec80 numbers frames.</summary>
    public const int FramesPerSecond = 25;

    /// <summary>Writes <c>videoNN-phase.txt</c>: the header <c>Frame⇥Phase</c>, then one line for every frame at 25 per second.</summary>
    /// <param name="timeline">The procedure.</param>
    /// <param name="writer">Takes the text.</param>
    public static void WritePhases(ProcedureTimeline timeline, TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(timeline);
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write("Frame\tPhase\n");
        foreach (ProcedureSegment segment in timeline.Segments)
        {
            string name = segment.Phase.ToString();
            for (int frame = segment.StartSecond * FramesPerSecond; frame < segment.EndSecond * FramesPerSecond; frame++)
            {
                writer.Write(string.Create(CultureInfo.InvariantCulture, $"{frame}\t{name}\n"));
            }
        }
    }

    /// <summary>
    /// Writes <c>videoNN-tool.txt</c>: the header <c>Frame⇥Grasper⇥Bipolar⇥Hook⇥Scissors⇥Clipper⇥Irrigator⇥SpecimenBag</c>, then one line of 0 and 1
    /// for every 25th frame, that is for every second.
    /// </summary>
    /// <param name="timeline">The procedure.</param>
    /// <param name="writer">Takes the text.</param>
    public static void WriteTools(ProcedureTimeline timeline, TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(timeline);
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write($"Frame\t{string.Join('\t', CholecystectomyWorkflow.Tools)}\n");
        for (int second = 0; second < timeline.DurationSeconds; second++)
        {
            SurgicalTools tools = timeline.At(second).Tools;
            string flags = string.Join('\t', CholecystectomyWorkflow.Tools.Select(t => tools.HasFlag(t) ? '1' : '0'));
            writer.Write(string.Create(CultureInfo.InvariantCulture, $"{second * FramesPerSecond}\t{flags}\n"));
        }
    }

    /// <summary>Reads a phase by its name in Cholec80's files.</summary>
    /// <param name="name">For instance <c>ClippingCutting</c>.</param>
    /// <returns>The phase.</returns>
    /// <exception cref="InvalidInputException">There is none of that name.</exception>
    public static SurgicalPhase ParsePhase(string name) =>
        Enum.GetValues<SurgicalPhase>().Where(p => p.ToString() == name).Select(p => (SurgicalPhase?)p).FirstOrDefault()
        ?? throw new InvalidInputException("phase", $"must be one of {string.Join(", ", Enum.GetNames<SurgicalPhase>())}, got '{name}'.");
}
