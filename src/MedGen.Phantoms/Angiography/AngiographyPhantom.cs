using MedGen.Sdk.Frames;
using MedGen.Phantoms.Captions;
using MedGen.Phantoms.Fields;
using MedGen.Phantoms.Randomness;

namespace MedGen.Phantoms.Angiography;

/// <summary>X-ray angiography: a bolus of contrast medium fills a branching vessel tree in front of the patient's anatomy, and washes out.</summary>
internal sealed class AngiographyPhantom : IPhantom
{
    public string Kind => "xa";

    public string Modality => "XA";

    public string Description => "Coronary or cerebral X-ray angiography with a contrast bolus, with or without a stenosis.";

    public IReadOnlyList<string> Labels { get; } = ["no stenosis", "stenosis"];

    public IReadOnlyList<PhantomParameter> Parameters { get; } =
    [
        PhantomParameter.Word("region", "Vessels shown.", "coronary", "cerebral"),
        PhantomParameter.Word("finding", "Whether a vessel is narrowed.", "no stenosis", "stenosis"),
        PhantomParameter.Number("narrowing", "Part of the diameter taken away by the stenosis in %; 0 without one.", 0, 95),
        PhantomParameter.Number("heart-rate", "Beats per minute; coronary vessels move with them.", 40, 140),
        PhantomParameter.Number("opacity", "Attenuation of a filled vessel of the stem's width.", 0.3, 1.2),
        PhantomParameter.Word("subtraction", "Whether the anatomy before the injection is subtracted.", "no", "yes"),
        PhantomParameter.Number("noise", "Standard deviation of the quantum noise relative to white.", 0, 0.08),
        PhantomParameter.Word("collimation", "Dark corners of the collimator.", "none", "octagonal", "round"),
    ];

    public PhantomClip Simulate(PhantomRequest request)
    {
        ParameterDraws draws = new(this, request);
        string region = draws.Word("region", 3, 2);
        string finding = draws.Word("finding");
        double narrowing = finding == "stenosis" ? draws.Number("narrowing", 55, 90) : draws.Number("narrowing", 0, 0);
        double rate = draws.Number("heart-rate", 55, 95);
        double opacity = draws.Number("opacity", 0.5, 0.9);
        bool subtracted = region == "coronary" ? draws.Word("subtraction", 1, 0) == "yes" : draws.Word("subtraction", 1, 2) == "yes";
        double noise = draws.Number("noise", 0.01, 0.035);
        string collimation = draws.Word("collimation", 1, 2, 1);
        bool coronary = region == "coronary";
        VesselTree tree = new(region, narrowing / 100, draws.Stream("tree"));
        double start = draws.Stream("start").NextDouble();
        double arrival = draws.Stream("bolus").Range(0.08, 0.2);
        (string brief, string detailed) = Describe(draws.Stream("caption"), region, finding, narrowing, subtracted);
        return new PhantomClip
        {
            Truth = draws.Truth(coronary ? "coronary arteries" : "cerebral arteries", finding),
            BriefCaption = brief,
            DetailedCaption = detailed,
            Frames = Render(),
        };

        IEnumerable<VideoFrame> Render()
        {
            Plane anatomy = Background(request.Width, request.Height, coronary, subtracted, draws);
            Plane frame = Collimator(request.Width, request.Height, collimation);
            Plane vessels = new(request.Width, request.Height);
            return PlaneFrames.Grey(request, (index, picture) =>
            {
                double progress = (index + 0.5) / Math.Max(request.NumFrames, 2);
                double beat = coronary ? Beat(start + (index / request.FramesPerSecond * rate / 60)) : 0;
                Array.Clear(vessels.Values);
                Draw(vessels, tree, progress, arrival, beat, opacity);
                Catheter(vessels, tree, beat, coronary);
                Blur.Gaussian(vessels, 0.45);
                Random random = draws.Stream("noise", index);
                for (int i = 0; i < picture.Values.Length; i++)
                {
                    // Beer-Lambert: attenuations add up, and the detector sees what is left.
                    float left = MathF.Exp(-anatomy.Values[i] - vessels.Values[i]);
                    picture.Values[i] = ((subtracted ? left * 0.72f : left) + (float)(noise * random.Gaussian())) * frame.Values[i];
                }
            });
        }
    }

    // Contracts quickly, relaxes slowly.
    private static double Beat(double phase) => Math.Exp(-Math.Pow(((phase % 1) - 0.3) / 0.16, 2));

    private static (double X, double Y) Moved(double x, double y, double beat)
    {
        // Towards the middle of the heart, with a slight turn.
        (double dx, double dy) = (x - 0.5, y - 0.55);
        double shrink = 1 - (0.075 * beat);
        double turn = 0.05 * beat;
        return (0.5 + (shrink * ((dx * Math.Cos(turn)) - (dy * Math.Sin(turn)))),
            0.55 + (0.02 * beat) + (shrink * ((dx * Math.Sin(turn)) + (dy * Math.Cos(turn)))));
    }

    private static void Draw(Plane vessels, VesselTree tree, double progress, double arrival, double beat, double opacity)
    {
        double side = Math.Min(vessels.Width, vessels.Height);
        foreach (VesselTree.Segment segment in tree.Segments)
        {
            // The bolus runs along the tree, and leaves it in the same order.
            double since = progress - arrival - (segment.Distance * 0.28);
            double filled = Math.Clamp(since / 0.06, 0, 1) * Math.Clamp((0.55 - since) / 0.25, 0, 1);
            if (filled <= 0)
            {
                continue;
            }

            (double x, double y) = Moved(segment.X, segment.Y, beat);
            Disc(vessels, x * vessels.Width, y * vessels.Height, segment.Radius * side, filled * opacity);
        }
    }

    private static void Catheter(Plane vessels, VesselTree tree, double beat, bool coronary)
    {
        double side = Math.Min(vessels.Width, vessels.Height);
        (double x, double y) = Moved(tree.Start.X, tree.Start.Y, beat * 0.5);
        for (double t = 0; t < 1.2; t += 0.004)
        {
            double cx = coronary ? x - (t * 0.45) + (0.12 * Math.Sin(t * 3)) : x + (0.01 * t);
            double cy = coronary ? y - (t * 0.28) - (0.06 * Math.Sin(t * 5)) : y + (t * 0.2);
            Disc(vessels, cx * vessels.Width, cy * vessels.Height, 0.006 * side, 0.22);
        }
    }

    // The thickness of a round vessel is greatest in its middle; where vessels cross, the thicker counts, so that a vessel's own points do not add
    // up.
    private static void Disc(Plane vessels, double x, double y, double radius, double strength)
    {
        double thickness = strength * Math.Min(1.15, 0.35 + (radius / Math.Min(vessels.Width, vessels.Height) / 0.0135 * 0.75));
        double reach = Math.Max(radius, 0.5) + 0.5;
        for (int row = Math.Max(0, (int)(y - reach)); row <= Math.Min(vessels.Height - 1, (int)(y + reach + 1)); row++)
        {
            for (int column = Math.Max(0, (int)(x - reach)); column <= Math.Min(vessels.Width - 1, (int)(x + reach + 1)); column++)
            {
                double off = Math.Sqrt(Math.Pow(column + 0.5 - x, 2) + Math.Pow(row + 0.5 - y, 2));
                float value = (float)(thickness * Math.Clamp(reach - off, 0, 1));
                vessels[column, row] = Math.Max(vessels[column, row], value);
            }
        }
    }

    private static Plane Background(int width, int height, bool coronary, bool subtracted, ParameterDraws draws)
    {
        Random random = draws.Stream("anatomy");
        ValueNoise noise = new(draws.Seed("anatomy"));
        (double heartX, double heartY, double spineX, double diaphragm) =
            (random.Range(0.4, 0.55), random.Range(0.45, 0.6), random.Range(0.25, 0.6), random.Range(0.75, 0.95));
        double ribs = random.Range(0.13, 0.18);
        Plane plane = new(width, height);
        for (int row = 0; row < height; row++)
        {
            for (int column = 0; column < width; column++)
            {
                (double x, double y) = ((column + 0.5) / width, (row + 0.5) / height);
                double texture = noise.Fractal((float)x * 5, (float)y * 5, 4);
                double value;
                if (subtracted)
                {
                    value = 0.03 * texture;
                }
                else if (coronary)
                {
                    double heart = Math.Sqrt(Math.Pow((x - heartX) / 0.36, 2) + Math.Pow((y - heartY) / 0.4, 2));
                    double spine = Math.Abs(x - spineX - (0.1 * y));
                    double body = (y * 7) % 1;
                    double rib = ((y + (0.45 * x * x)) / ribs) % 1;
                    value = 0.3 + (0.42 * Edge(1 - heart, 0.12))
                        + (spine < 0.09 ? 0.2 + (body < 0.16 ? -0.08 : body is > 0.22 and < 0.3 or > 0.92 ? 0.07 : 0) : 0)
                        + (0.09 * Math.Max(0, 1 - (Math.Abs(rib - 0.5) / 0.22))) + (0.4 * Edge(y - diaphragm + (0.3 * Math.Pow(x - 0.3, 2)), 0.02))
                        + (0.1 * texture);
                }
                else
                {
                    double skull = Math.Sqrt(Math.Pow((x - 0.5) / 0.46, 2) + Math.Pow((y - 0.42) / 0.42, 2));
                    double bone = Math.Abs(skull - 0.97) < 0.035 ? 0.28 : 0;
                    double face = y > 0.6 && skull < 1.1 ? 0.25 + (0.3 * noise.Fractal((float)x * 9, (float)y * 9, 2)) : 0;
                    value = 0.16 + (skull < 1 ? 0.4 : y > 0.7 && Math.Abs(x - 0.5) < 0.24 ? 0.4 : 0) + bone + face + (0.07 * texture);
                }

                plane[column, row] = (float)Math.Max(value, 0);
            }
        }

        Blur.Gaussian(plane, width * 0.008);
        return plane;
    }

    private static double Edge(double inside, double softness) => Math.Clamp((inside / softness) + 0.5, 0, 1);

    private static Plane Collimator(int width, int height, string shape)
    {
        Plane plane = new(width, height);
        for (int row = 0; row < height; row++)
        {
            for (int column = 0; column < width; column++)
            {
                (double x, double y) = (Math.Abs((2.0 * (column + 0.5) / width) - 1), Math.Abs((2.0 * (row + 0.5) / height) - 1));
                double inside =
                    shape switch { "none" => 1, "round" => 1.03 - Math.Sqrt((x * x) + (y * y)), _ => Math.Min(0.97 - Math.Max(x, y), 1.75 - x - y) };
                plane[column, row] = (float)(0.03 + (0.97 * Edge(inside, 0.02)));
            }
        }

        return plane;
    }

    private static (string Brief, string Detailed) Describe(Random random, string region, string finding, double narrowing, bool subtracted)
    {
        string name = subtracted ? $"digital subtraction angiogram of the {region} arteries" : $"{region} [X-ray ]angiogram";
        string found = finding == "stenosis"
            ? "a stenosis [narrows one of the vessels|is visible in one of the branches], taking away "
                + $"{(narrowing > 75 ? "most" : "more than half")} of its diameter."
            : "[no narrowing is visible|the vessels taper smoothly].";
        string brief = Wording.Write(
            random, $"{Wording.WithArticle(name)} [showing|with] {(finding == "stenosis" ? "a stenosis" : "vessels without stenosis")}.");
        string detailed = Wording.Write(random,
            $"the [short video|video] [shows|presents] {Wording.WithArticle(name)}. [contrast medium|dark contrast medium] is injected through a "
            + $"catheter, fills the [branching|tapering] {region} arteries from the stem to the small branches, and washes out. {found} "
            + (region == "coronary" ? "the vessels move with each heartbeat. " : "")
            + $"the vessels appear dark on [a grayscale|a gray] background{(subtracted ? " from which the bones are subtracted" : "")}.");
        return (brief, detailed);
    }
}
