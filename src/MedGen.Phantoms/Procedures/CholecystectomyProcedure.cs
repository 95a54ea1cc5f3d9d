using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using MedGen.Phantoms.Endoscopy.Laparoscopy;
using MedGen.Phantoms.Fields;
using MedGen.Phantoms.Randomness;

namespace MedGen.Phantoms.Procedures;

/// <summary>
/// A simulated laparoscopic cholecystectomy: a timeline of phases and instruments, and the pictures that go with it.
/// </summary>
/// <remarks>
/// <code>
/// CholecystectomyProcedure procedure = CholecystectomyProcedure.Simulate(seed: 7, new CholecystectomyOptions { Appearance = AppearanceRange.Train
/// }); for (int i = 0; i &lt; procedure.FrameCount(1); i++) // 1 frame per second {
///     ProcedureMoment labels = procedure.Timeline.At(i);
/// }
///
/// foreach (VideoFrame frame in procedure.Frames(framesPerSecond: 1, width: 64, height: 64)) { using (frame) { … } } // in the same order
/// </code>
/// The same seed and options give the same timeline and the same bytes; a frame depends on its time alone, so any frame can be rendered by itself
/// (<see cref="RenderFrame"/>) and procedures can be rendered on several threads.
/// </remarks>
public sealed class CholecystectomyProcedure
{
    private const int LeastSide = 32;
    private const int GreatestSide = 1024;
    private const double GreatestRate = 60;
    private const float SecondsToReach = 1.2f; // until an instrument is where it works

    private const double TrocarShare = 0.4; // of the times out of the body that the camera stays in the trocar

    private readonly int _seed;
    private readonly LaparoscopyAppearance _look;
    private readonly OperativeTrack _track;

    private CholecystectomyProcedure(int seed, ProcedureTimeline timeline, LaparoscopyAppearance look)
    {
        _seed = seed;
        _look = look;
        Timeline = timeline;
        _track = OperativeTrack.Run(seed, timeline);
    }

    /// <summary>Phases, activities, instruments and deviations.</summary>
    public ProcedureTimeline Timeline { get; }

    /// <summary>Positions on the scales of appearance by name, 0 to 1; all lie in the range of the options.</summary>
    public IReadOnlyDictionary<string, double> Appearance => _look.Scales;

    /// <summary>Draws a procedure.</summary>
    /// <param name="seed">Seed; any value.</param>
    /// <param name="options">Probabilities, scale and range of appearance.</param>
    /// <returns>The procedure; no frame is rendered yet.</returns>
    /// <exception cref="InvalidInputException">An option is out of range.</exception>
    public static CholecystectomyProcedure Simulate(int seed, CholecystectomyOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        Random random = Streams.Create(seed, "timeline");
        (List<ProcedureSegment> segments, List<ProcedureDeviation> deviations) = PhaseSequence.Draw(random, options);
        List<ActivityInterval> activities = ActivitySequence.Draw(random, segments, options);
        return new CholecystectomyProcedure(
            seed, new ProcedureTimeline(segments, deviations, activities), new LaparoscopyAppearance(seed, options.Appearance));
    }

    /// <summary>The seed of one procedure of a data set, so that two data sets with neighbouring seeds share no procedure.</summary>
    /// <param name="datasetSeed">Seed of the data set.</param>
    /// <param name="number">Number of the procedure.</param>
    /// <returns>A seed for <see cref="Simulate"/>.</returns>
    public static int SeedOf(int datasetSeed, int number) => Streams.Seed(datasetSeed, "procedure", number);

    /// <summary>Number of frames at a rate: those whose time is before the end.</summary>
    /// <param name="framesPerSecond">Above 0, at most 60.</param>
    /// <returns>The number.</returns>
    /// <exception cref="InvalidInputException">The rate is out of range.</exception>
    public int FrameCount(double framesPerSecond)
    {
        CheckRate(framesPerSecond);
        return (int)Math.Ceiling(Timeline.DurationSeconds * framesPerSecond);
    }

    /// <summary>The frames in order, rendered one by one while they are read; whoever takes a frame disposes it.</summary>
    /// <param name="framesPerSecond">Above 0, at most 60; frame i shows the moment i / rate.</param>
    /// <param name="width">Width in px, 32 to 1024.</param>
    /// <param name="height">Height in px, 32 to 1024.</param>
    /// <returns>The frames.</returns>
    /// <exception cref="InvalidInputException">A size or the rate is out of range.</exception>
    public IEnumerable<VideoFrame> Frames(double framesPerSecond, int width, int height)
    {
        int count = FrameCount(framesPerSecond);
        CheckSize(width, height);
        return Render(Enumerable.Range(0, count), framesPerSecond, width, height);
    }

    /// <summary>One frame by itself.</summary>
    /// <param name="index">Index of the frame, at least 0 and below <see cref="FrameCount"/>.</param>
    /// <param name="framesPerSecond">Above 0, at most 60.</param>
    /// <param name="width">Width in px, 32 to 1024.</param>
    /// <param name="height">Height in px, 32 to 1024.</param>
    /// <returns>A frame that the caller owns; the same bytes as in <see cref="Frames"/>.</returns>
    /// <exception cref="InvalidInputException">The index, a size or the rate is out of range.</exception>
    public VideoFrame RenderFrame(int index, double framesPerSecond, int width, int height)
    {
        int count = FrameCount(framesPerSecond);
        CheckSize(width, height);
        return index >= 0 && index < count
            ? Render([index], framesPerSecond, width, height).Single()
            : throw new InvalidInputException("index", $"must be 0 to {count - 1}, got {index}.");
    }

    private static void CheckRate(double framesPerSecond)
    {
        if (!(framesPerSecond > 0 && framesPerSecond <= GreatestRate))
        {
            throw new InvalidInputException(
                "frames_per_second", FormattableString.Invariant($"must be above 0 and at most {GreatestRate}, got {framesPerSecond}."));
        }
    }

    private static void CheckSize(int width, int height)
    {
        foreach ((string field, int value) in new[] { (nameof(width), width), (nameof(height), height) })
        {
            if (value is < LeastSide or > GreatestSide)
            {
                throw new InvalidInputException(field, $"must be {LeastSide} to {GreatestSide} px, got {value}.");
            }
        }
    }

    private static OperativeSite SiteOf(SurgicalPhase phase) => phase switch
    {
        SurgicalPhase.Preparation => OperativeSite.Adhesions,
        SurgicalPhase.CalotTriangleDissection or SurgicalPhase.ClippingCutting => OperativeSite.CalotTriangle,
        SurgicalPhase.GallbladderDissection or SurgicalPhase.CleaningCoagulation => OperativeSite.LiverBed,
        SurgicalPhase.GallbladderPackaging => OperativeSite.Packaging,
        _ => OperativeSite.AbdominalWall,
    };

    private IEnumerable<VideoFrame> Render(IEnumerable<int> indices, double framesPerSecond, int width, int height)
    {
        LaparoscopyScene scene = new(_look, width, height);
        (Plane red, Plane green, Plane blue) = (new(width, height), new(width, height), new(width, height));
        foreach (int index in indices)
        {
            double second = index / framesPerSecond;
            ProcedureMoment moment = Timeline.At(second);
            int noise = Streams.Seed(_seed, "sensor", (int)(second * 1000));
            if (moment.IsOutOfBody)
            {
                bool inTrocar = Streams.Create(_seed, "out-of-body", FirstOutOfBody(second)).Chance(TrocarShare);
                scene.OutOfBody.Render((float)second, inTrocar, noise, red, green, blue);
            }
            else
            {
                scene.Render(MomentAt(moment, noise), red, green, blue);
            }

            yield return PlaneFrames.ToFrame(red, green, blue, index, framesPerSecond);
        }
    }

    // The activity at which the camera left: what it sees outside does not change with the phase inside.
    private int FirstOutOfBody(double second)
    {
        int index = Timeline.IndexOfActivity(second);
        while (index > 0 && Timeline.Activities[index - 1].IsOutOfBody)
        {
            index--;
        }

        return index;
    }

    private LaparoscopyMoment MomentAt(ProcedureMoment moment, int noise)
    {
        ActivityInterval interval = Timeline.Activities[Timeline.IndexOfActivity(moment.Second)];
        return new LaparoscopyMoment
        {
            Second = (float)moment.Second,
            State = _track.At(moment.Second),
            Activity = moment.Activity,
            Site = SiteOf(moment.Phase),
            Tools = moment.Tools,
            Reach = Math.Clamp(0.6f + (0.4f * (float)(moment.Second - interval.StartSecond) / SecondsToReach), 0, 1),
            NoiseSeed = noise,
        };
    }
}
