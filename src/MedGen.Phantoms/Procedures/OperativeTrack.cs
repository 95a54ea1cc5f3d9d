using MedGen.Phantoms.Endoscopy.Laparoscopy;
using MedGen.Phantoms.Randomness;

namespace MedGen.Phantoms.Procedures;

/// <summary>The state of the operating field at every second of a procedure: the activities leave their traces in it.</summary>
internal sealed class OperativeTrack
{
    private const float CameraRate = 0.45f; // share of the way to a new view that the camera goes in 1 s

    private readonly OperativeState[] _states;

    private OperativeTrack(OperativeState[] states) => _states = states;

    /// <summary>Runs the procedure once, second by second.</summary>
    /// <param name="seed">Seed of the procedure.</param>
    /// <param name="timeline">What happens when.</param>
    /// <returns>The track.</returns>
    public static OperativeTrack Run(int seed, ProcedureTimeline timeline)
    {
        Random random = Streams.Create(seed, "operative-track");
        int seconds = timeline.DurationSeconds;
        OperativeState[] states = new OperativeState[seconds + 1];
        Dictionary<SurgicalPhase, float> effort = Effort(timeline);
        bool startsLate = timeline.Segments[0].Phase != SurgicalPhase.Preparation;
        OperativeState now = new() { Cover = startsLate ? 0.05f : (float)random.Range(0.5, 1), Blood = (float)random.Range(0, 0.06) };
        int index = -1;
        int clipsPlaced = 0;
        (float X, float Y, float HalfSide, float Roll) view = default;
        for (int second = 0; second < seconds; second++)
        {
            ProcedureMoment moment = timeline.At(second);
            int current = timeline.IndexOfActivity(second);
            ActivityInterval interval = timeline.Activities[current];
            if (current != index)
            {
                view = DrawView(random, moment.Phase, moment.Activity);
                clipsPlaced += moment.Activity == SurgicalActivity.ClipApplication && !moment.IsOutOfBody ? 1 : 0;
            }

            now = Advance(random, now, moment, interval, effort[moment.Phase], clipsPlaced);
            float rate = second == 0 ? 1 : CameraRate;
            float extraction = moment.Phase == SurgicalPhase.GallbladderRetraction ? now.Extraction : 0;
            now = now with
            {
                CameraX = now.CameraX + (rate * (view.X + (0.5f * extraction) - now.CameraX)),
                CameraY = now.CameraY + (rate * (view.Y - (1.25f * extraction) - now.CameraY)),
                HalfSide = now.HalfSide + (rate * (view.HalfSide - now.HalfSide)),
                Roll = now.Roll + (rate * (view.Roll - now.Roll)),
            };
            index = current;
            states[second] = now;
        }

        states[seconds] = now;
        return new OperativeTrack(states);
    }

    /// <summary>The state of a moment.</summary>
    /// <param name="second">Seconds since the start.</param>
    /// <returns>The state between the two seconds around it.</returns>
    public OperativeState At(double second)
    {
        int before = Math.Min((int)second, _states.Length - 2);
        return OperativeState.Mix(_states[before], _states[before + 1], (float)(second - before));
    }

    // How many seconds of a phase move it on; 1 / that is the progress of one such second.
    private static Dictionary<SurgicalPhase, float> Effort(ProcedureTimeline timeline)
    {
        Dictionary<SurgicalPhase, float> seconds = Enum.GetValues<SurgicalPhase>().ToDictionary(p => p, _ => 0f);
        foreach (ActivityInterval interval in timeline.Activities)
        {
            SurgicalPhase phase = timeline.At(interval.StartSecond).Phase;
            if (MovesOn(phase, interval.Activity))
            {
                seconds[phase] += interval.EndSecond - interval.StartSecond;
            }
        }

        return seconds;
    }

    private static bool MovesOn(SurgicalPhase phase, SurgicalActivity activity) => (phase, activity) switch
    {
        (SurgicalPhase.Preparation, _) => true,
        (SurgicalPhase.CalotTriangleDissection or SurgicalPhase.GallbladderDissection, SurgicalActivity.HookDissection or SurgicalActivity.Cutting) =>
            true,
        (SurgicalPhase.GallbladderPackaging, SurgicalActivity.BagFilling) => true,
        (SurgicalPhase.GallbladderRetraction, SurgicalActivity.BagExtraction) => true,
        _ => false,
    };

    private static OperativeState Advance(
        Random random, OperativeState now, ProcedureMoment moment, ActivityInterval interval, float effort, int clipsPlaced)
    {
        float step = effort > 0 && MovesOn(moment.Phase, moment.Activity) ? 1 / effort : 0;
        float within = (float)(moment.Second - interval.StartSecond + 1) / (interval.EndSecond - interval.StartSecond);
        switch (moment.Phase)
        {
            case SurgicalPhase.Preparation:
                now = now with { Cover = MathF.Max(0.05f, now.Cover - (step * 0.9f)) };
                break;
            case SurgicalPhase.CalotTriangleDissection:
                now = now with { Exposure = MathF.Min(1, now.Exposure + step), Cover = MathF.Max(0, now.Cover - (3 * step)) };
                break;
            case SurgicalPhase.ClippingCutting:
                now = Clip(now with { Exposure = 1 }, moment.Activity, within, clipsPlaced);
                break;
            case SurgicalPhase.GallbladderDissection:
                now = now with
                {
                    Exposure = 1, DuctClips = 3, ArteryClips = 2, DuctCut = 1, ArteryCut = 1,
                    Detachment = MathF.Min(1, now.Detachment + step),
                };
                break;
            case SurgicalPhase.GallbladderPackaging:
                now = now with
                {
                    Detachment = 1,
                    Drop = MathF.Min(1, now.Drop + 0.15f),
                    BagOpen = moment.Activity == SurgicalActivity.BagIntroduction ? within : now.BagFill > 0 ? 1 : now.BagOpen,
                    BagFill = MathF.Min(1, now.BagFill + step),
                };
                break;
            case SurgicalPhase.CleaningCoagulation:
                now = now with { Detachment = 1 };
                break;
            case SurgicalPhase.GallbladderRetraction:
                now = now with { Drop = 1, BagOpen = 1, BagFill = 1, Extraction = MathF.Min(1, now.Extraction + step) };
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(moment), moment.Phase, "Unknown phase.");
        }

        return Weather(random, now, moment);
    }

    private static OperativeState Clip(OperativeState now, SurgicalActivity activity, float within, int clipsPlaced) => activity switch
    {
        SurgicalActivity.ClipApplication when clipsPlaced <= 2 =>
            now with { DuctClips = MathF.Max(now.DuctClips, MathF.Min(3, 1.5f * (clipsPlaced - 1 + within))) },
        SurgicalActivity.ClipApplication => now with { DuctClips = 3, ArteryClips = MathF.Max(now.ArteryClips, 2 * within) },
        SurgicalActivity.Cutting when now.ArteryClips < 1 => now with { DuctClips = 3, DuctCut = MathF.Max(now.DuctCut, within) },
        SurgicalActivity.Cutting => now with { ArteryClips = 2, DuctCut = 1, ArteryCut = MathF.Max(now.ArteryCut, within) },
        _ => now,
    };

    // What comes and goes: blood, fluid, smoke, charring.
    private static OperativeState Weather(Random random, OperativeState now, ProcedureMoment moment)
    {
        bool dissects = moment.Activity is SurgicalActivity.HookDissection or SurgicalActivity.Cutting;
        float blood = now.Blood * 0.9985f;
        blood += dissects && random.Chance(1 / 240.0) ? (float)random.Range(0.12, 0.5) : 0;
        blood += moment.Phase == SurgicalPhase.CleaningCoagulation && random.Chance(1 / 60.0) ? 0.2f : 0;
        float smoke = now.Smoke * 0.8f;
        float fluid = now.Fluid * 0.985f;
        switch (moment.Activity)
        {
            case SurgicalActivity.HookDissection:
                smoke += random.Chance(0.16) ? (float)random.Range(0.05, 0.3) : 0;
                break;
            case SurgicalActivity.BipolarCoagulation:
                smoke += random.Chance(0.2) ? (float)random.Range(0.05, 0.25) : 0;
                blood *= 0.97f;
                break;
            case SurgicalActivity.Irrigation:
                fluid += 0.09f * (1 - fluid);
                blood *= 0.975f;
                break;
            default:
                break;
        }

        return now with
        {
            Blood = Math.Clamp(blood, 0, 0.95f),
            Fluid = fluid,
            Smoke = Math.Clamp(smoke, 0, 0.75f),
            Charring = MathF.Min(1, now.Charring + (dissects ? 1 / 700f : 0)),
        };
    }

    private static (float X, float Y, float HalfSide, float Roll) DrawView(Random random, SurgicalPhase phase, SurgicalActivity activity)
    {
        (double x, double y, double low, double high) = phase switch
        {
            SurgicalPhase.Preparation => (0, -0.1, 1.1, 1.6),
            SurgicalPhase.CalotTriangleDissection => (-0.08, 0.16, 0.6, 0.92),
            SurgicalPhase.ClippingCutting => (-0.12, 0.22, 0.52, 0.75),
            SurgicalPhase.GallbladderDissection => (0.05, -0.2, 0.65, 0.98),
            SurgicalPhase.GallbladderPackaging => (0.22, 0.15, 0.85, 1.25),
            SurgicalPhase.CleaningCoagulation => (0, 0.02, 0.7, 1.1),
            _ => (0.15, 0, 0.95, 1.3),
        };
        double wide = activity is SurgicalActivity.Inspection or SurgicalActivity.InstrumentExchange ? 1.25 : 1;
        return (
            (float)(x + random.Range(-0.14, 0.14)), (float)(y + random.Range(-0.12, 0.12)), (float)(
                wide * random.Range(low, high)), (float)random.Range(-0.12, 0.12));
    }
}
