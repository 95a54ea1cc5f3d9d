using MedGen.Sdk.Frames;
using MedGen.Phantoms.Captions;
using MedGen.Phantoms.Fields;
using MedGen.Phantoms.Procedures;
using MedGen.Phantoms.Randomness;

namespace MedGen.Phantoms.Endoscopy.Laparoscopy;

/// <summary>A moment of a laparoscopic cholecystectomy: some seconds of one instrument at work.</summary>
internal sealed class LaparoscopyPhantom : IPhantom
{
    private const string None = "none";

    private static readonly Dictionary<string, SurgicalTools> WorkingTools = new()
    {
        [None] = SurgicalTools.None,
        ["grasper"] = SurgicalTools.Grasper,
        ["bipolar"] = SurgicalTools.Bipolar,
        ["hook"] = SurgicalTools.Hook,
        ["scissors"] = SurgicalTools.Scissors,
        ["clipper"] = SurgicalTools.Clipper,
        ["irrigator"] = SurgicalTools.Irrigator,
        ["specimen-bag"] = SurgicalTools.SpecimenBag,
    };

    private static readonly string[] Stages = ["exploration", "adhesions", "calot-dissection", "clipping", "liver-bed", "packaging", "rinsing"];

    public string Kind => "es-laparoscopy";

    public string Modality => "ES";

    public string Description =>
        "Laparoscopic cholecystectomy: liver, gallbladder, fat and bowel with one or two instruments at work, smoke and bleeding.";

    public IReadOnlyList<string> Labels { get; } = [.. WorkingTools.Keys];

    public IReadOnlyList<PhantomParameter> Parameters { get; } =
    [
        PhantomParameter.Word("instrument", "The working instrument.", [.. WorkingTools.Keys]),
        PhantomParameter.Word("stage", "How far the operation is.", Stages),
        PhantomParameter.Word("second-grasper", "Whether a grasper holds the tissue beside another instrument.", "yes", "no"),
        PhantomParameter.Number("bleeding", "Blood in the field as a share of the site.", 0, 0.9),
        PhantomParameter.Number("smoke", "Density of the smoke.", 0, 0.7),
        PhantomParameter.Number("half-side", "What the picture shows from the middle to the border, in heights of the gallbladder.", 0.5, 1.5),
        PhantomParameter.Word("camera", "Motion of the camera.", "still", "pan", "zoom-in", "zoom-out"),
    ];

    public PhantomClip Simulate(PhantomRequest request)
    {
        ParameterDraws draws = new(this, request);
        string instrument = draws.Word("instrument", 1, 1.2, 1, 1.6, 1, 1, 1, 1);
        string stage = draws.Word("stage", StageWeights(instrument));
        SurgicalTools tools = WorkingTools[instrument];
        string second = draws.Word("second-grasper", 0.65, 0.35);
        if (tools is SurgicalTools.None or SurgicalTools.Grasper)
        {
            second = "no"; // it stands beside another instrument
            draws.Record("second-grasper", second);
        }

        double bleeding = draws.Stream("bleeds").Chance(0.5) ? draws.Number("bleeding", 0, 0.08) : draws.Number("bleeding", 0.1, 0.8);
        bool cautery = tools is SurgicalTools.Hook or SurgicalTools.Bipolar;
        double smoke = draws.Number("smoke", 0, cautery ? 0.45 : 0.05);
        double halfSide = draws.Number("half-side", 0.6, 1.25);
        string camera = draws.Word("camera", 2, 1, 0.6, 0.6);
        tools |= second == "yes" ? SurgicalTools.Grasper : SurgicalTools.None;
        draws.Record("tools-in-view", tools.ToString());

        Random random = draws.Stream("scene");
        LaparoscopyAppearance look = new(request.Seed, AppearanceRange.Whole);
        (OperativeState state, OperativeSite site, SurgicalActivity activity) = Stage(random, stage);
        state = state with { Blood = (float)bleeding, Smoke = (float)smoke, Roll = (float)random.Range(-0.2, 0.2) };
        (float panX, float panY) = camera == "pan" ? ((float)random.Range(-0.35, 0.35), (float)random.Range(-0.25, 0.25)) : (0, 0);
        float zoom = camera switch { "zoom-in" => 0.7f, "zoom-out" => 1.4f, _ => 1 };
        float firstSecond = (float)random.Range(0, 1000);

        IEnumerable<VideoFrame> Frames()
        {
            LaparoscopyScene scene = new(look, request.Width, request.Height);
            foreach (VideoFrame frame in PlaneFrames.Sequence(request, (index, red, green, blue) =>
            {
                float seconds = (float)(index / request.FramesPerSecond);
                float share = request.NumFrames > 1 ? index / (float)(request.NumFrames - 1) : 0;
                OperativeState now = state with
                {
                    CameraX = state.CameraX + ((share - 0.5f) * panX),
                    CameraY = state.CameraY + ((share - 0.5f) * panY),
                    HalfSide = (float)halfSide * MathF.Pow(zoom, share) / look.Zoom,
                };
                scene.Render(
                    new LaparoscopyMoment
                    {
                        Second = firstSecond + seconds, State = now, Activity = activity, Site = site, Tools = tools, Reach = 1,
                        NoiseSeed = draws.Seed("sensor", index),
                    },
                    red, green, blue);
                return true;
            }))
            {
                yield return frame;
            }
        }

        (string brief, string detailed) = Captions(draws.Stream("captions"), instrument, stage, second == "yes", bleeding, smoke, camera, halfSide);
        return new PhantomClip
        {
            Truth = draws.Truth(
                stage switch { "exploration" => "abdominal cavity", "liver-bed" or "rinsing" => "gallbladder and liver bed", _ => "gallbladder" },
                instrument),
            BriefCaption = brief,
            DetailedCaption = detailed,
            Frames = Frames(),
        };
    }

    // An instrument is mostly seen at the stages that it is for.
    private static double[] StageWeights(string instrument) => instrument switch
    {
        "hook" => [0, 0.3, 2, 0, 2, 0, 0],
        "clipper" => [0, 0, 0, 1, 0, 0, 0],
        "scissors" => [0.3, 0.2, 0.5, 1.5, 0, 0, 0],
        "bipolar" => [0.2, 0.1, 0.6, 0, 1, 0, 1],
        "irrigator" => [0, 0, 0.3, 0, 0.5, 0, 2],
        "specimen-bag" => [0, 0, 0, 0, 0, 1, 0],
        _ => [2.5, 1, 1, 0.7, 1, 0.2, 0.7],
    };

    private static (OperativeState State, OperativeSite Site, SurgicalActivity Activity) Stage(Random random, string stage)
    {
        float progress = (float)random.NextDouble();
        OperativeState dissected = new() { Exposure = 1, Charring = (float)random.Range(0.2, 0.9) };
        OperativeState cut = dissected with { DuctClips = 3, ArteryClips = 2, DuctCut = 1, ArteryCut = 1 };
        (OperativeState state, OperativeSite site, SurgicalActivity activity, float x, float y) = stage switch
        {
            "exploration" => (
                new OperativeState { Cover = 0.5f * progress }, OperativeSite.Exploration, SurgicalActivity.Inspection,
                (float)random.Range(-0.8, 0.8), random.Chance(0.6) ? (float)random.Range(0.8, 1.9) : (float)random.Range(-1.7, -1.2)),
            "adhesions" => (new OperativeState { Cover = 0.3f + (0.7f * progress) }, OperativeSite.Adhesions, SurgicalActivity.Retraction, 0f, 0f),
            "calot-dissection" => (
                new OperativeState { Exposure = progress, Charring = 0.6f * progress }, OperativeSite.CalotTriangle, SurgicalActivity.HookDissection,
                -0.08f, 0.12f),
            "clipping" => (
                dissected with
                {
                    DuctClips = MathF.Min(3, MathF.Floor(progress * 6)),
                    ArteryClips = progress > 0.6f ? 2 : 0,
                    DuctCut = progress > 0.5f ? 1 : 0,
                    ArteryCut = progress > 0.8f ? 1 : 0,
                },
                OperativeSite.CalotTriangle, SurgicalActivity.ClipApplication, -0.1f, 0.2f),
            "liver-bed" =>
                (cut with { Detachment = 0.15f + (0.8f * progress) }, OperativeSite.LiverBed, SurgicalActivity.HookDissection, 0.03f, -0.15f),
            "packaging" => (
                cut with { Detachment = 1, Drop = 1, BagOpen = 1, BagFill = progress }, OperativeSite.Packaging, SurgicalActivity.BagFilling, 0.22f,
                0.12f),
            _ => (
                cut with { Detachment = 1, Drop = 1, BagFill = 1, Fluid = 0.3f + (0.6f * progress) }, OperativeSite.LiverBed,
                SurgicalActivity.Irrigation, 0f, 0f),
        };
        return (state with { CameraX = x + (float)random.Range(-0.15, 0.15), CameraY = y + (float)random.Range(-0.12, 0.12) }, site, activity);
    }

    private static (string Brief, string Detailed) Captions(
        Random random, string instrument, string stage, bool second, double bleeding, double smoke, string camera, double halfSide)
    {
        string tool = instrument switch
        {
            "none" => "no instrument [in view|visible]",
            "grasper" => "a [grasper|grasping forceps] [holding tissue|retracting the gallbladder]",
            "bipolar" => "[a bipolar forceps|bipolar forceps] [coagulating|sealing small vessels]",
            "hook" => "[a monopolar hook|an electrocautery hook|a hook electrode] dissecting tissue",
            "scissors" => "[laparoscopic scissors|a pair of scissors] cutting",
            "clipper" => "a [clip applier|clipper] [placing a clip|applying clips]",
            "irrigator" => "[a suction-irrigation tube|an irrigator] [rinsing|washing and suctioning] the field",
            _ => "[a specimen bag|a retrieval bag] [held open|being handled]",
        };
        string scene = stage switch
        {
            "exploration" => "the camera [explores the abdomen with|looks around at] bowel loops, omentum and the abdominal wall",
            "adhesions" => "omentum and adhesions [lie over|cover] the gallbladder",
            "calot-dissection" => "Calot's triangle is being dissected below the neck of the gallbladder",
            "clipping" => "the cystic duct and artery are exposed for clipping",
            "liver-bed" => "the gallbladder is being separated from the liver bed",
            "packaging" => "the freed gallbladder is [being packed|placed] for removal",
            _ => "the empty liver bed is [exposed|seen] with fluid pooling below",
        };
        string blood = bleeding > 0.35
            ? "Blood [pools in the field|covers part of the tissue]."
            : bleeding > 0.08
            ? "There is [minor|slight] oozing."
            : "[The field is dry.|]";
        string haze = smoke > 0.25
            ? "[Smoke veils the view|Surgical smoke drifts before the lens]."
            : smoke > 0.08
            ? "[Thin smoke is visible.|A light haze is present.]"
            : "";
        string move = camera switch
        {
            "pan" => "The camera [pans slowly|moves sideways].",
            "zoom-in" => "The camera [moves closer|advances towards the tissue].",
            "zoom-out" => "The camera [pulls back|withdraws].",
            _ => "The camera is [held still|nearly static].",
        };
        string place = stage == "exploration"
            ? "[the abdomen|the abdominal cavity]"
            : "[the gallbladder and liver|a cholecystectomy|the upper abdomen]";
        string brief = Wording.Write(random, $"[Laparoscopic view|Endoscopic view|A laparoscopic video] of {place} with {tool}.");
        string detailed = Wording.Write(
            random,
            "[The video shows|This clip shows|In this endoscopic clip we see] a "
                + $"{(stage == "exploration" ? "laparoscopy" : "laparoscopic cholecystectomy")} [seen through the laparoscope|in a "
                    + $"{(halfSide < 0.8 ? "close-up" : "wide")} view] with {tool}. {scene}. "
            + $"{(second ? "A second grasper [keeps the tissue under tension|retracts the gallbladder]. " : "")}"
            + (stage == "exploration"
                ? ""
                : "[The dark red liver lies above, yellow fat and pink bowel below.|Liver, gallbladder and fatty tissue glisten under the "
                    + "light of the scope.] ")
            + $"{blood} {haze} {move}");
        return (brief, detailed);
    }
}
