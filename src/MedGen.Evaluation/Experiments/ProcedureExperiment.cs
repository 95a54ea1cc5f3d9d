using MedGen.Classifiers.Frames;
using MedGen.Classifiers.Networks;
using MedGen.Classifiers.Temporal;
using MedGen.Evaluation.Generation;
using MedGen.Phantoms;
using MedGen.Phantoms.Procedures;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using static TorchSharp.torch;

namespace MedGen.Evaluation.Experiments;

/// <summary>
/// Surgical procedure from text: does a clip show the phase and the instrument of a cholecystectomy that it was asked for? Beside it, simulated
/// operations with their labels through the same recognisers.
/// </summary>
/// <param name="media">Reader and writer.</param>
public sealed class ProcedureExperiment(ExperimentMedia media)
{
    private const string Phase = "phase";
    private const string Tool = "tool";
    private const string Laparoscopy = "es-laparoscopy";

    private static readonly string[] PhaseWords =
    [
        "graspers are placed and the gallbladder is grasped", "Calot's triangle is dissected", "the cystic duct and artery are clipped and cut",
        "the gallbladder is dissected off the liver bed", "the gallbladder is put into the specimen bag", "the liver bed is rinsed and coagulated",
        "the specimen bag is pulled out",
    ];

    /// <summary>Runs it.</summary>
    /// <param name="task">Model, judges, limit.</param>
    /// <param name="progress">Told what is done, from 0 to 1.</param>
    /// <param name="cancellationToken">Stops; finished clips stay.</param>
    /// <returns>What was found; the report lies in the output folder.</returns>
    /// <exception cref="InvalidInputException">The task is wrong.</exception>
    public async Task<ExperimentResult> RunAsync(ExperimentTask task, Action<string, double> progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(progress);
        string weights = task.Phases ?? throw new InvalidInputException("phases", "is missing; weights of the phase recogniser are needed.");
        using PhaseRecognizer recognizer = PhaseRecognizer.Load(weights, CPU);
        using FrameClassifier classifier = FrameClassifier.Load(task.Judge, CPU);
        ClipShape shape = ExperimentClips.ShapeOf(task.Model);
        ConceptJudge tools = new(new ClipScoring(classifier, shape), shape, task.References);
        ExperimentPrompt[] prompts =
        [
            .. PhaseWords.Select((words, phase) => new ExperimentPrompt(
                Phase, $"A laparoscopic cholecystectomy: {words}.", new Concept(Phase, recognizer.Metadata.Labels[phase]))),
            .. PhantomCatalog.Get(Laparoscopy).Labels.Select(tool => new ExperimentPrompt(
                Tool, SimulatedClips.Find(new Concept(Laparoscopy, tool), 1, SimulatedClips.HeldOutSeed, shape)[0].BriefCaption,
                new Concept(Laparoscopy, tool))),
        ];
        ExperimentClips clips = await ExperimentClips.MakeAsync(task, prompts, media, (what, share) => progress(what, 0.7 * share), cancellationToken)
            .ConfigureAwait(false);
        progress("recognising", 0.7);
        ExperimentRow[] rows =
        [
            .. clips.Clips.GroupBy(one => one.Prompt).Select(group =>
            {
                cancellationToken.ThrowIfCancellationRequested();
                bool isPhase = group.Key.Group == Phase;
                Func<byte[], string> tell = isPhase ? clip => PhaseOf(recognizer, clip, shape) : clip => tools.Tell(Laparoscopy, clip);
                string asked = group.Key.Asked.Label;
                byte[][] references = isPhase
                    ? [.. Operations(recognizer, asked, task.References, shape)]
                    : [.. SimulatedClips.Find(group.Key.Asked, task.References, SimulatedClips.HeldOutSeed, shape)
                        .Select(clip => SimulatedClips.Render(clip.Frames, shape))];
                return new ExperimentRow
                {
                    Series = group.Key.Group, Label = asked, Clips = group.Count(), Right = group.Count(one => tell(one.Pixels) == asked),
                    ReferenceClips = references.Length, ReferenceRight = references.Count(clip => tell(clip) == asked),
                    Chance = 1.0 / (isPhase ? recognizer.Metadata.Labels.Count : ConceptJudge.LabelsOf(Laparoscopy)),
                };
            }),
        ];
        ExperimentResult result = new()
        {
            Name = "procedure",
            Question = "Does a clip of a cholecystectomy show the phase and the instrument that the text asks for?",
            Origin = clips.Origin,
            Prompts = clips.Clips.Select(one => one.Prompt).Distinct().Count(),
            AllPrompts = clips.AllPrompts,
            Judges = new Dictionary<string, string>
            {
                ["phase recogniser"] = recognizer.WeightsHash,
                ["nearest mean of simulated instruments"] = Judges.Hash(task.Judge),
            },
            Rows = rows,
            Limits =
            [
                "The recogniser was made for whole operations, a frame a second; here it sees the few seconds of a clip and nothing before. The "
                    + "simulated clips are as short, so they are the ceiling.",
                ConceptJudge.Limit,
                "Both recognisers learnt from simulated operations only: on a clip that looks otherwise their answer means little.",
            ],
        };
        ExperimentReport.Write(task.Output, result);
        return result;
    }

    // A frame a second, as it was trained.
    private static string PhaseOf(PhaseRecognizer recognizer, byte[] clip, ClipShape shape)
    {
        TemporalSession session = recognizer.Start();
        double[] sums = new double[recognizer.Metadata.Labels.Count];
        int every = Math.Max(1, (int)Math.Round(shape.FramesPerSecond));
        for (int t = 0; t < shape.NumFrames; t += every)
        {
            byte[] pixels = clip[(t * shape.FrameBytes)..((t + 1) * shape.FrameBytes)];
            FramePicture picture = FramePicture.FromFrame(VideoFrame.Wrap(pixels, shape.Width, shape.Height));
            double[] probabilities = recognizer.Probabilities(session.Step(recognizer.Embed(picture)));
            for (int i = 0; i < sums.Length; i++)
            {
                sums[i] += probabilities[i];
            }
        }

        return recognizer.Metadata.Labels[sums.Index().MaxBy(sum => sum.Item).Index];
    }

    // From the middle of the phase, in operations of an appearance that nobody learnt from.
    private static IEnumerable<byte[]> Operations(PhaseRecognizer recognizer, string phase, int count, ClipShape shape)
    {
        int number = recognizer.Metadata.Labels.Index().First(label => label.Item == phase).Index;
        int found = 0;
        for (int seed = SimulatedClips.HeldOutSeed; found < count; seed++)
        {
            CholecystectomyProcedure operation = CholecystectomyProcedure.Simulate(
                seed, new CholecystectomyOptions { Appearance = AppearanceRange.Test, DurationScale = 0.2 });
            ProcedureSegment? segment = operation.Timeline.Segments.FirstOrDefault(one => (int)one.Phase == number);
            int first = segment is null ? 0 : (int)((segment.StartSecond + (segment.Seconds / 2)) * shape.FramesPerSecond);
            if (segment is null || (first + shape.NumFrames) / shape.FramesPerSecond > segment.EndSecond)
            {
                continue; // skipped, or shorter than a clip
            }

            found++;
            yield return SimulatedClips.Render(
                Enumerable.Range(first, shape.NumFrames).Select(i =>
                    operation.RenderFrame(i, shape.FramesPerSecond, shape.Width, shape.Height)), shape);
        }
    }
}
