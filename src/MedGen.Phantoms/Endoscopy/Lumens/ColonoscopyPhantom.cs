using System.Numerics;
using MedGen.Sdk.Frames;
using MedGen.Phantoms.Captions;
using MedGen.Phantoms.Fields;
using MedGen.Phantoms.Randomness;

namespace MedGen.Phantoms.Endoscopy.Lumens;

/// <summary>A colonoscope on its way through the colon.</summary>
internal sealed class ColonoscopyPhantom : IPhantom
{
    private const float FarthestFold = 14;

    public string Kind => "es-colonoscopy";

    public string Modality => "ES";

    public string Description =>
        "Colonoscopy: the lumen with haustral folds and mucosal vessels while the scope advances or withdraws, with or without a polyp.";

    public IReadOnlyList<string> Labels { get; } = ["normal", "polyp"];

    public IReadOnlyList<PhantomParameter> Parameters { get; } =
    [
        PhantomParameter.Word("finding", "What is seen besides the normal mucosa.", "normal", "polyp"),
        PhantomParameter.Number("polyp-size", "Diameter of the polyp in radii of the colon; without effect without a polyp.", 0.15, 0.8),
        PhantomParameter.Word("polyp-shape", "Paris shape of the polyp: flat elevated, sessile or pedunculated.", "flat", "sessile", "pedunculated"),
        PhantomParameter.Word("motion", "Motion of the scope.", "advancing", "withdrawing", "still"),
        PhantomParameter.Number("speed", "Radii of the colon per second; 0 when the scope is still.", 0, 1.2),
        PhantomParameter.Number("fold-height", "Mean height of the folds in radii.", 0.12, 0.5),
        PhantomParameter.Number("triangularity", "How triangular the lumen is, as in the transverse colon.", 0, 1),
        PhantomParameter.Number("vascularity", "Visibility of submucosal vessels.", 0, 1),
        PhantomParameter.Word("mask", "Outline of the picture.", ScopeMask.Shapes),
    ];

    public PhantomClip Simulate(PhantomRequest request)
    {
        ParameterDraws draws = new(this, request);
        string finding = draws.Word("finding");
        bool polyp = finding == "polyp";
        float polypSize = (float)draws.Number("polyp-size", 0.3, 0.75);
        string polypShape = draws.Word("polyp-shape", 0.6, 1.2, 0.7);
        string motion = draws.Word("motion", 1, 1, polyp ? 0.7 : 0.25);
        float speed = (float)draws.Number("speed", 0.1, 0.8);
        if (motion == "still")
        {
            speed = 0;
            draws.Record("speed", 0);
        }

        float rise = (float)draws.Number("fold-height", 0.2, 0.48);
        float triangle = (float)draws.Number("triangularity");
        float vascularity = (float)draws.Number("vascularity", 0.15, 1);
        string mask = draws.Word("mask", 2, 1.2, 1, 0.5);

        Random random = draws.Stream("scene");
        ValueNoise noise = new(draws.Seed("shape"));
        float curve = (float)random.Range(0.5, 1.7);
        Vector2 Centre(float depth) => new(
            (curve * noise.At(depth * 0.22f, 3.3f)) + (0.12f * noise.At(depth * 0.9f, 7.1f)), (curve * noise.At(depth * 0.22f, 41.7f))
                + (0.12f * noise.At(depth * 0.9f, 19.9f)));
        float travel = speed * (float)(request.NumFrames / request.FramesPerSecond);
        Lumen lumen = new(Folds(random, rise, triangle, travel + FarthestFold + 4), Centre, noise);
        Mucosa mucosa = DrawMucosa(draws, random, vascularity);
        ColonPolyp growth = new()
        {
            Depth = (float)random.Range(1.0, 1.8) + (motion == "withdrawing" ? 0 : motion == "advancing" ? travel * 0.8f : 0),
            Angle = (float)random.Range(0, 2 * Math.PI), Size = polypSize, Shape = polypShape, Centre = Centre, Noise = noise,
        };
        Vector3 polypTint = new((float)random.Range(0.9, 1.15), (float)random.Range(0.62, 0.95), (float)random.Range(0.6, 0.95));
        LumenView view = new()
        {
            Camera = 0, Eye = default, Look = default, Roll = 0, Falloff = (float)random.Range(0.16, 0.4), Gloss = (float)random.Range(0.5, 1),
            Ripple = new ValueNoise(draws.Seed("ripple")),
            HalfAngle = (float)random.Range(0.95, 1.35), Exposure = (float)random.Range(1.0, 1.6),
            Balance = new Vector3((float)random.Range(0.95, 1.1), 1, (float)random.Range(0.85, 1.15)),
        };
        Vector2 off = new((float)random.Range(-0.3, 0.3), (float)random.Range(-0.3, 0.3));
        Vector2 aim = new((float)random.Range(-0.4, 0.4), (float)random.Range(-0.4, 0.4));
        (float firstSecond, float maskSize, float grain, float roll) =
            ((float)random.Range(0, 500), (float)random.Range(0.9, 1), (float)random.Range(0.004, 0.016), (float)random.Range(-3, 3));

        IEnumerable<VideoFrame> frames = PlaneFrames.Sequence(request, (index, red, green, blue) =>
        {
            LumenView here = ViewOf(index);
            here.Render(
                ray =>
                {
                    LumenHit? wall = Wall(here, ray);
                    if (polyp && growth.Hit(ray, here.Camera, here.Eye, wall?.Depth ?? FarthestFold) is { } hit)
                    {
                        Vector3 pits = mucosa.At(new Vector3(hit.Around * 2, hit.Depth + here.Camera) * 2.5f);
                        return (hit, pits * polypTint);
                    }

                    return wall is { } found ? (found, mucosa.At(new Vector3(found.Around, found.Depth + here.Camera))) : null;
                },
                red, green, blue);
            ScopeMask.Apply(mask, maskSize, grain, draws.Seed("sensor", index), red, green, blue);
            return true;
        });
        (string brief, string detailed) = Captions(draws.Stream("captions"), polyp, polypShape, polypSize, motion, triangle, vascularity);
        return new PhantomClip
        {
            Truth = draws.Truth("colon", finding), BriefCaption = brief, DetailedCaption = detailed, Frames = frames, RegionsOf = RegionsOf,
        };

        LumenView ViewOf(int index)
        {
            float second = (float)(index / request.FramesPerSecond);
            float camera = motion == "withdrawing" ? travel - (speed * second) : speed * second;
            Vector2 sway = new(noise.Fractal((firstSecond + second) * 0.5f, 1, 2), noise.Fractal((firstSecond + second) * 0.5f, 2, 2));
            Vector2 eye = Centre(camera) + off + (0.3f * sway);
            Vector2 ahead = (Centre(camera + 2.2f) - eye) / 2.2f;
            Vector2 toPolyp = polyp ? (growth.Head() - new Vector3(eye, camera)) is var d && d.Z > 0.3f ? new Vector2(d.X, d.Y) / d.Z : ahead : ahead;
            return view with
            {
                Camera = camera, Eye = eye, Roll = roll + (0.25f * noise.Fractal((firstSecond + second) * 0.3f, 3, 2)),
                Look = Vector2.Lerp(ahead + aim, toPolyp, polyp ? 0.7f : 0)
                    + (0.3f * new Vector2(noise.Fractal((firstSecond + second) * 0.6f, 4, 2), noise.Fractal((firstSecond + second) * 0.6f, 5, 2))),
            };
        }

        LumenHit? Wall(LumenView here, Vector2 ray) => lumen.Trace(ray, here.Camera, here.Eye, here.Camera, here.Camera + FarthestFold, 1);

        IReadOnlyList<PhantomRegion> RegionsOf(int index)
        {
            LumenView here = ViewOf(index);
            PhantomRegion? seen = polyp
                ? here.RegionOf(
                    "polyp", request.Width, request.Height,
                    (x, y) => ScopeMask.Inside(mask, maskSize, x, y, request.Width, request.Height) >= 0.5f,
                    ray => growth.Hit(ray, here.Camera, here.Eye, FarthestFold) is not null
                        && growth.Hit(ray, here.Camera, here.Eye, Wall(here, ray)?.Depth ?? FarthestFold) is not null)
                : null;
            return seen is null ? [] : [seen];
        }
    }

    private static List<LumenFold> Folds(Random random, float rise, float triangle, float until)
    {
        List<LumenFold> folds = [];
        float phase = (float)random.Range(0, 2 * Math.PI);
        for (float depth = -1; depth < until; depth += (float)random.Range(0.6, 1.4))
        {
            folds.Add(new LumenFold(
                depth, rise * (float)random.Range(0.5, 1.5), triangle * (float)random.Range(0.1, 0.3), phase + (float)random.Range(-0.4, 0.4),
                (float)random.Range(0, 2 * Math.PI), (float)random.Range(0.4, 1), (float)random.Range(0.16, 0.36)));
        }

        return folds;
    }

    private static Mucosa DrawMucosa(ParameterDraws draws, Random random, float vascularity)
    {
        Vector3 colour = Vector3.Lerp(new(0.76f, 0.37f, 0.24f), new(0.76f, 0.4f, 0.36f), (float)random.NextDouble());
        return new Mucosa
        {
            Colour = colour,
            PatchColour = colour * new Vector3(0.98f, (float)random.Range(0.7, 0.92), (float)random.Range(0.66, 0.9)),
            VesselColour = new((float)random.Range(0.45, 0.62), 0.12f, 0.12f),
            Vessels = vascularity,
            VesselScale = (float)random.Range(2.2, 3.6),
            Noise = new ValueNoise(draws.Seed("mucosa")),
        };
    }

    private static (string Brief, string Detailed) Captions(
        Random random, bool polyp, string shape, float size, string motion, float triangle, float vascularity)
    {
        string kind = shape switch { "flat" => "flat elevated", "sessile" => "sessile", _ => "pedunculated" };
        string large = size > 0.5 ? "large" : size > 0.3 ? "medium-sized" : "small";
        string finding = polyp
            ? $"a [{large}|{large}, {kind}|{kind}] polyp [on the wall|arising from the mucosa]"
            : "[healthy|normal|unremarkable] mucosa";
        string move = motion switch
        {
            "advancing" =>
                "The scope [advances|is pushed forward] [through the lumen|along the colon], and the folds [come nearer|pass at the border].",
            "withdrawing" => "The scope is [slowly withdrawn|pulled back], and folds [recede|appear from the border].",
            _ => "The scope [rests|is held in place] with small movements.",
        };
        string lumen = triangle > 0.6 ? "[triangular|three-cornered] lumen" : "[round|rounded] lumen";
        string brief = Wording.Write(random, $"[Colonoscopy|A colonoscopy video|Endoscopic view of the colon] showing {finding}.");
        string detailed = Wording.Write(
            random,
            $"[The video shows|This clip is|In this clip we see] a colonoscopy with {finding}. [The|A] {lumen} [is ringed by|is framed by] "
            + $"{(triangle > 0.6 ? "semilunar" : "haustral")} folds that "
            + "[fade into the dark|recede into darkness]. "
            + $"{(vascularity > 0.6 ? "A fine [network of submucosal vessels|vascular pattern] is [clearly visible|seen]. " : "")}"
            + $"[Wet highlights glint on the pink-orange mucosa.|The moist, pink mucosa reflects the light of the scope.] {move}");
        return (brief, detailed);
    }
}
