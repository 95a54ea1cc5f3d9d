using System.Numerics;
using MedGen.Sdk.Frames;
using MedGen.Phantoms.Captions;
using MedGen.Phantoms.Fields;
using MedGen.Phantoms.Randomness;
using Plane = MedGen.Phantoms.Fields.Plane;

namespace MedGen.Phantoms.Ophthalmology;

/// <summary>Colour photograph or short video of the fundus of one eye.</summary>
internal sealed class FundusPhantom : IPhantom
{
    private const float Margin = 1.16f; // the retina is painted this much wider than the picture, so that the eye can move
    private const float DegreesPerDisc = 6.5f;

    public string Kind => "op-fundus";

    public string Modality => "OP";

    public string Description => "Fundus photography: retina with optic disc, macula and vessel tree under a round mask.";

    public IReadOnlyList<string> Labels { get; } = ["normal", "diabetic-retinopathy", "drusen", "large-cup"];

    public IReadOnlyList<PhantomParameter> Parameters { get; } =
    [
        PhantomParameter.Word("finding", "What is seen besides the normal anatomy.", "normal", "diabetic-retinopathy", "drusen", "large-cup"),
        PhantomParameter.Word("eye", "Which eye; the disc lies nasally.", "right", "left"),
        PhantomParameter.Word("centred-on", "What is in the middle.", "macula", "disc", "between"),
        PhantomParameter.Number("field-of-view", "Angle of view in degrees.", 25, 60),
        PhantomParameter.Number("cup-to-disc-ratio", "Diameter of the cup as a share of the disc's.", 0.1, 0.9),
        PhantomParameter.Number("lesion-count", "How severe the finding is: number of lesions.", 5, 80),
        PhantomParameter.Number("pigmentation", "From a light, tessellated fundus to a dark one.", 0, 1),
        PhantomParameter.Number("tortuosity", "From straight to winding vessels.", 0, 1),
    ];

    public PhantomClip Simulate(PhantomRequest request)
    {
        ParameterDraws draws = new(this, request);
        string finding = draws.Word("finding", 2, 1, 1, 1);
        string eye = draws.Word("eye");
        string centre = draws.Word("centred-on");
        float view = (float)draws.Number("field-of-view", 30, 50);
        float cup = finding == "large-cup"
            ? (float)draws.Number("cup-to-disc-ratio", 0.65, 0.85)
            : (float)draws.Number("cup-to-disc-ratio", 0.2, 0.5);
        int lesions = (int)draws.Number("lesion-count", 12, 70);
        float pigment = (float)draws.Number("pigmentation");
        float tortuosity = (float)draws.Number("tortuosity", 0, 0.7);

        Random random = draws.Stream("scene");
        float maskSize = (float)random.Range(0.92, 1);
        float cutTop = random.Chance(0.3) ? (float)random.Range(0.8, 0.95) : 2;
        float noise = (float)random.Range(0.004, 0.014);
        float firstSecond = (float)random.Range(0, 100);
        float drift = (float)random.Range(0.01, 0.06);
        ValueNoise motion = new(draws.Seed("motion"));

        IEnumerable<VideoFrame> Frames()
        {
            // Seen from in front, the nose and with it the disc is to the right of a right eye.
            FundusPainting painting = new(
                draws, finding, eye == "right"
                    ? -1
                    : 1, centre, view / DegreesPerDisc, cup, lesions, pigment, tortuosity, request.Width, request.Height, Margin);
            foreach (VideoFrame frame in PlaneFrames.Sequence(request, (index, red, green, blue) =>
            {
                float second = firstSecond + (float)(index / request.FramesPerSecond);
                Vector2 shift = index == 0 && request.NumFrames == 1
                    ? default
                    : drift * new Vector2(motion.Fractal(second * 1.2f, 1, 2), motion.Fractal(second * 1.2f, 2, 2));
                Show(painting, shift, 1 + (0.05f * motion.At(second * 3, 5)), maskSize, cutTop, noise, draws.Seed("sensor", index), red, green, blue);
                return true;
            }))
            {
                yield return frame;
            }
        }

        (string brief, string detailed) = Captions(draws.Stream("captions"), finding, eye, centre, cup, lesions, pigment);
        return new PhantomClip { Truth = draws.Truth("retina", finding), BriefCaption = brief, DetailedCaption = detailed, Frames = Frames() };
    }

    private static void Show(
        FundusPainting painting, Vector2 shift, float flash, float maskSize, float cutTop, float noise, int seed, Plane red, Plane green, Plane blue)
    {
        float half = Math.Min(red.Width, red.Height) / 2f;
        uint state = Streams.Mix((uint)seed);
        for (int y = 0, at = 0; y < red.Height; y++)
        {
            for (int x = 0; x < red.Width; x++, at++)
            {
                float px = (x + 0.5f - (red.Width / 2f)) / half;
                float py = (y + 0.5f - (red.Height / 2f)) / half;
                float radius = MathF.Sqrt((px * px) + (py * py));
                float inside = Math.Clamp(((maskSize - radius) * half) + 0.5f, 0, 1) * Math.Clamp(((cutTop - MathF.Abs(py)) * half) + 0.5f, 0, 1);
                if (inside <= 0)
                {
                    red.Values[at] = green.Values[at] = blue.Values[at] = 0.012f;
                    continue;
                }

                state = (state * 1664525) + 1013904223;
                float grain = noise * ((int)(state >> 16) - (int)((state * 2654435761) >> 16)) / 26000f;
                float u = painting.ColumnOf(px + shift.X);
                float v = painting.RowOf(py + shift.Y);
                float lamp = inside * flash * (1 - (painting.Vignette * radius * radius));
                red.Values[at] = (lamp * painting.Red.Sample(u, v)) + grain;
                green.Values[at] = (lamp * painting.Green.Sample(u, v)) + grain;
                blue.Values[at] = (lamp * painting.Blue.Sample(u, v)) + grain;
            }
        }
    }

    private static (string Brief, string Detailed) Captions(
        Random random, string finding, string eye, string centre, float cup, int lesions, float pigment)
    {
        string amount = lesions > 45 ? "numerous" : lesions > 22 ? "several" : "a few";
        string seen = finding switch
        {
            "diabetic-retinopathy" => $"{amount} [retinal haemorrhages and hard exudates|haemorrhages, microaneurysms and exudates]",
            "drusen" => $"{amount} [yellowish drusen|drusen] around the macula",
            "large-cup" => $"an [enlarged optic cup|optic disc with a large cup]",
            _ => "[normal findings|a healthy retina|no visible lesion]",
        };
        string middle =
            centre switch { "macula" => "centred on the macula", "disc" => "centred on the optic disc", _ => "with disc and macula in view" };
        string brief = Wording.Write(random, $"[Fundus photograph|Colour fundus image|Retinal photograph] of a {eye} eye with {seen}.");
        string detailed = Wording.Write(
            random,
            $"[A colour fundus view|This fundus recording|The retinal image] of a {eye} eye, {middle}, [shows|presents] {seen}. [The optic disc is "
            + $"pale yellow with a cup-to-disc ratio of about|The cup-to-disc ratio is near] {cup:0.0}. "
            + "[Arteries and veins branch from the disc and arch around the darker macula.|The retinal vessels fan out from the disc along the "
            + "temporal arcades.] "
            + "[The background is|The fundus appears] "
            + (pigment > 0.6 ? "[dark red-brown|deeply pigmented]"
                : pigment < 0.35 ? "[light orange|lightly pigmented, with visible choroidal vessels]"
                : "[orange-red|evenly orange]")
            + " [inside a round black mask|within the circular field].");
        return (brief, detailed);
    }
}
