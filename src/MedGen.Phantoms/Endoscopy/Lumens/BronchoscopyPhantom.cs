using System.Numerics;
using MedGen.Sdk.Frames;
using MedGen.Phantoms.Captions;
using MedGen.Phantoms.Fields;
using MedGen.Phantoms.Randomness;

namespace MedGen.Phantoms.Endoscopy.Lumens;

/// <summary>A bronchoscope in the trachea or a bronchus before a bifurcation.</summary>
internal sealed class BronchoscopyPhantom : IPhantom
{
    private const float MostWithdrawal = 3; // radii
    private const float Saddle = 0.35f; // radii behind the carina's plane at which the openings are round

    public string Kind => "es-bronchoscopy";

    public string Modality => "ES";

    public string Description => "Bronchoscopy: a bronchus with cartilage rings and its bifurcation at the carina while the scope moves.";

    public IReadOnlyList<string> Labels { get; } = ["trachea", "main-carina", "segmental"];

    public IReadOnlyList<PhantomParameter> Parameters { get; } =
    [
        PhantomParameter.Word(
            "level", "Where the scope is: in the trachea far from the carina, before the main carina, or before segmental bronchi.", "trachea",
            "main-carina", "segmental"),
        PhantomParameter.Number("carina-distance", "Distance from the camera to the carina at the start, in radii of the airway.", 0.8, 9),
        PhantomParameter.Number("speed", "Radii per second; negative withdraws.", -0.6, 0.6),
        PhantomParameter.Number("ring-height", "Height of the cartilage rings in radii.", 0.03, 0.16),
        PhantomParameter.Number("redness", "From pale to inflamed mucosa.", 0, 1),
        PhantomParameter.Word("mask", "Outline of the picture.", ScopeMask.Shapes),
    ];

    public PhantomClip Simulate(PhantomRequest request)
    {
        ParameterDraws draws = new(this, request);
        string level = draws.Word("level", 1, 1.6, 1);
        (double nearest, double farthest) = level switch { "trachea" => (4.5, 8), "main-carina" => (1.5, 3.2), _ => (1.1, 2.2) };
        float carina = (float)draws.Number("carina-distance", nearest, farthest);
        float speed = (float)draws.Number("speed", -0.35, 0.35);
        float rise = (float)draws.Number("ring-height", 0.05, 0.12);
        float redness = (float)draws.Number("redness");
        string mask = draws.Word("mask", 0.6, 2.4, 0.6, 0.4);

        // The scope never goes through the carina, nor out of the airway: a long clip is a slow one.
        float seconds = (float)(request.NumFrames / request.FramesPerSecond);
        float travel = Math.Clamp(speed * seconds, -MostWithdrawal, carina - 0.6f);
        if (travel != speed * seconds)
        {
            speed = travel / seconds;
            draws.Record("speed", Math.Round(speed, 4));
        }

        Random random = draws.Stream("scene");
        ValueNoise noise = new(draws.Seed("shape"));
        float curve = (float)random.Range(0.15, 0.5);
        Vector2 Centre(float depth) => new(curve * noise.At(depth * 0.2f, 3.3f), curve * noise.At(depth * 0.2f, 41.7f));
        float posterior = (float)random.Range(0, 2 * Math.PI);
        Lumen trunk = new(Rings(random, rise, -MostWithdrawal - 2, carina, posterior), Centre, noise);
        Branch[] branches = [.. DrawBranches(random, level, carina, rise, posterior, Centre, noise)];
        Mucosa mucosa = DrawMucosa(draws, random, redness);
        LumenView view = new()
        {
            Camera = 0, Eye = default, Look = default, Roll = 0, Falloff = (float)random.Range(0.08, 0.2), Gloss = (float)random.Range(0.4, 0.9),
            Ripple = new ValueNoise(draws.Seed("ripple")),
            HalfAngle = (float)random.Range(0.75, 1.05), Exposure = (float)random.Range(1.0, 1.6),
            Balance = new Vector3((float)random.Range(0.95, 1.1), 1, (float)random.Range(0.85, 1.1)),
        };
        (float firstSecond, float maskSize, float grain) =
            ((float)random.Range(0, 500), (float)random.Range(0.9, 1), (float)random.Range(0.004, 0.016));

        IEnumerable<VideoFrame> frames = PlaneFrames.Sequence(request, (index, red, green, blue) =>
        {
            float share = request.NumFrames > 1 ? index / (float)(request.NumFrames - 1) : 0;
            float second = firstSecond + (float)(index / request.FramesPerSecond);
            float camera = travel * share;
            Vector2 eye = Centre(camera) + (0.22f * new Vector2(noise.Fractal(second * 0.5f, 1, 2), noise.Fractal(second * 0.5f, 2, 2)));
            Vector2 ahead = (Centre(carina) - eye) / MathF.Max(1.5f, carina - camera);
            LumenView here = view with
            {
                Camera = camera, Eye = eye, Roll = 0.2f * noise.Fractal(second * 0.3f, 3, 2),
                Look = ahead + (0.14f * new Vector2(noise.Fractal(second * 0.6f, 4, 2), noise.Fractal(second * 0.6f, 5, 2))),
            };
            here.Render(
                ray => Trace(ray, camera, eye, carina, trunk, branches) is { } hit
                    ? (hit, mucosa.At(new Vector3(hit.Around, hit.Depth + camera)))
                    : null,
                red, green, blue);
            ScopeMask.Apply(mask, maskSize, grain, draws.Seed("sensor", index), red, green, blue);
            return true;
        });
        (string brief, string detailed) = Captions(draws.Stream("captions"), level, branches.Length, speed, redness);
        string anatomy = level switch { "trachea" => "trachea", "main-carina" => "main carina", _ => "segmental bronchi" };
        return new PhantomClip { Truth = draws.Truth(anatomy, level), BriefCaption = brief, DetailedCaption = detailed, Frames = frames };
    }

    private static LumenHit? Trace(Vector2 ray, float camera, Vector2 eye, float carina, Lumen trunk, Branch[] branches)
    {
        if (trunk.Trace(ray, camera, eye, camera, carina, 1) is { } wall)
        {
            return wall;
        }

        // Which opening the ray goes into; between them is the saddle of the carina.
        float plane = carina + Saddle - camera;
        Vector2 across = eye + (ray * plane);
        float nearest = float.MaxValue;
        Branch? into = null;
        float second = float.MaxValue;
        foreach (Branch branch in branches)
        {
            float distance = Vector2.Distance(across, branch.Lumen.Centre(carina + Saddle)) / branch.Radius;
            (second, nearest, into) = distance < nearest ? (nearest, distance, branch) : (MathF.Min(second, distance), nearest, into);
        }

        if (nearest < 1)
        {
            return into!.Lumen.Trace(ray, camera, eye, carina + Saddle, carina + 9, into.Radius);
        }

        // The ridge stands nearest where both openings are equally far.
        float ridge = 1 - Math.Clamp((second - nearest) / 0.5f, 0, 1);
        float lip = Math.Clamp((nearest - 1) / 0.3f, 0, 1);
        float facing = 0.3f + (0.55f * lip) + (0.2f * ridge * lip);
        return new LumenHit(plane - (Saddle * ridge), across, facing / MathF.Sqrt(1 + ray.LengthSquared()), 0.75f + (0.25f * lip));
    }

    private static IEnumerable<Branch> DrawBranches(
        Random random, string level, float carina, float rise, float posterior, Func<float, Vector2> centre, ValueNoise noise)
    {
        int count = level == "segmental" ? random.Next(2, 4) : 2;
        double first = level == "segmental" ? random.Range(0, 2 * Math.PI) : posterior + (Math.PI / 2) + random.Range(-0.25, 0.25);
        for (int i = 0; i < count; i++)
        {
            (float sin, float cos) = MathF.SinCos((float)(first + (2 * Math.PI * i / count) + random.Range(-0.12, 0.12)));
            Vector2 aside = new(cos, sin);
            float radius = (float)(count == 2 ? random.Range(0.5, 0.58) : random.Range(0.38, 0.46));
            float offset = (float)(count == 2 ? random.Range(0.5, 0.57) : random.Range(0.52, 0.6));
            float spread = (float)random.Range(0.15, 0.5);
            Vector2 Axis(float depth) => centre(carina) + (aside * (offset + (spread * MathF.Max(0, depth - carina - Saddle))));
            yield return new Branch(new Lumen(Rings(random, rise * 0.9f, carina + Saddle + 0.05f, carina + 9, posterior), Axis, noise), radius);
        }
    }

    // Cartilage rings are open towards the back, where the membranous wall is.
    private static List<LumenFold> Rings(Random random, float rise, float from, float to, float posterior)
    {
        List<LumenFold> rings = [];
        for (float depth = from; depth < to; depth += (float)random.Range(0.26, 0.36))
        {
            rings.Add(new LumenFold(
                depth, rise * (float)random.Range(0.75, 1.25), 0.02f, posterior, posterior + MathF.PI
                    + (float)random.Range(-0.2, 0.2), 0.75f, (float)random.Range(0.1, 0.15)));
        }

        return rings;
    }

    private static Mucosa DrawMucosa(ParameterDraws draws, Random random, float redness)
    {
        Vector3 colour = Vector3.Lerp(new(0.78f, 0.58f, 0.46f), new(0.76f, 0.36f, 0.3f), redness);
        return new Mucosa
        {
            Colour = colour,
            PatchColour = colour * new Vector3(0.97f, (float)random.Range(0.72, 0.9), (float)random.Range(0.72, 0.92)),
            VesselColour = new(0.6f, 0.16f, 0.14f),
            Vessels = 0.3f + (0.45f * redness),
            VesselScale = (float)random.Range(3.5, 5),
            Noise = new ValueNoise(draws.Seed("mucosa")),
        };
    }

    private static (string Brief, string Detailed) Captions(Random random, string level, int openings, float speed, float redness)
    {
        string place = level switch
        {
            "trachea" => "the trachea with the carina in the distance",
            "main-carina" => "the main carina and both main bronchi",
            _ => $"{(openings == 3 ? "three" : "two")} segmental bronchi",
        };
        string lining = redness > 0.65 ? "[reddened|inflamed-looking] mucosa" : redness < 0.3 ? "pale [mucosa|lining]" : "[pink|healthy] mucosa";
        string move = speed > 0.08
            ? "The scope [moves forward|advances] slowly."
            : speed < -0.08
            ? "The scope is [withdrawn|pulled back] slowly."
            : "The scope [stays in place|hardly moves].";
        string brief = Wording.Write(random, $"[Bronchoscopy|A bronchoscopic view|Flexible bronchoscopy] of {place}.");
        string detailed = Wording.Write(
            random,
            $"[The video shows|This clip presents|In this clip we see] a bronchoscopy of {place}. [Cartilage rings|Regular cartilaginous rings] "
            + $"[run around|line] the airway, [which has|with] {lining}. "
            + (level == "trachea"
                ? "The membranous wall is smooth."
                : "[A sharp ridge separates the dark openings.|The openings lie on both sides of a sharp spur.]")
            + $" {move} [The picture is bright at the border and dark in the depth.|]");
        return (brief, detailed);
    }

    private sealed record Branch(Lumen Lumen, float Radius);
}
