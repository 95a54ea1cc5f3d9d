using MedGen.Phantoms.Captions;
using MedGen.Phantoms.Fields;
using MedGen.Phantoms.Randomness;

namespace MedGen.Phantoms.Ophthalmology;

/// <summary>A macular volume of optical coherence tomography, B-scan by B-scan.</summary>
internal sealed class OctPhantom : IPhantom
{
    // From the vitreous down: share of the retina's thickness outside the fovea, and reflectivity.
    private static readonly (double Share, float Reflectivity)[] Layers =
    [
        (0.13, 0.82f), // nerve fibre layer
        (0.22, 0.55f), // ganglion cells and inner plexiform layer
        (0.12, 0.3f), // inner nuclear layer
        (0.09, 0.52f), // outer plexiform layer
        (0.24, 0.2f), // outer nuclear layer
        (0.02, 0.4f), // external limiting membrane
        (0.06, 0.24f),
        (0.045, 0.85f), // ellipsoid zone
        (0.03, 0.4f),
        (0.045, 0.97f), // retinal pigment epithelium
    ];

    private const int InnerLayers = 4; // those that thin out at the fovea

    public string Kind => "opt-oct";

    public string Modality => "OPT";

    public string Description => "Optical coherence tomography: B-scans through the macula with retinal layers, foveal pit, choroid and speckle.";

    public IReadOnlyList<string> Labels { get; } = ["normal", "cystoid-oedema", "subretinal-fluid", "drusen"];

    public IReadOnlyList<PhantomParameter> Parameters { get; } =
    [
        PhantomParameter.Word("finding", "What is seen besides the normal layers.", "normal", "cystoid-oedema", "subretinal-fluid", "drusen"),
        PhantomParameter.Number("severity", "Size of the finding; without effect when normal.", 0.1, 1),
        PhantomParameter.Number("pit-depth", "Depth of the foveal pit as a share of the retina's thickness.", 0.2, 0.6),
        PhantomParameter.Number("thickness", "Thickness of the retina as a share of the picture's height.", 0.18, 0.4),
        PhantomParameter.Number("tilt", "Slope of the retina in heights per width.", -0.2, 0.2),
        PhantomParameter.Number("signal", "Signal strength, from noisy to clear.", 0.2, 1),
        PhantomParameter.Number("scan-start", "Position of the first B-scan relative to the fovea, in widths of the scan.", -0.5, 0.5),
        PhantomParameter.Number(
            "scan-step", "Distance from one B-scan to the next in widths of the scan; the scan turns round half a width from the fovea.", 0, 0.05),
    ];

    public PhantomClip Simulate(PhantomRequest request)
    {
        ParameterDraws draws = new(this, request);
        string finding = draws.Word("finding", 2, 1, 1, 1);
        float severity = (float)draws.Number("severity", 0.3, 1);
        float pit = (float)draws.Number("pit-depth", 0.3, 0.55);
        float thickness = (float)draws.Number("thickness", 0.22, 0.36);
        float tilt = (float)draws.Number("tilt", -0.12, 0.12);
        float signal = (float)draws.Number("signal", 0.35, 1);
        float start = request.NumFrames == 1 ? (float)draws.Number("scan-start", -0.08, 0.08) : (float)draws.Number("scan-start", -0.15, 0.02);
        float step = (float)draws.Number("scan-step", 0.004, Math.Max(0.004, Math.Min(0.02, 0.6 / request.NumFrames)));

        Random random = draws.Stream("scene");
        OctEye eye = new(random, finding, severity, draws.Seed("eye"))
        {
            Pit = pit, Thickness = thickness, Tilt = tilt, PitWidth = (float)random.Range(0.07, 0.13), FoveaX = (float)random.Range(-0.12, 0.12),
            Top = (float)random.Range(0.22, 0.38), Bow = (float)random.Range(-0.05, 0.14), ChoroidDepth = (float)random.Range(0.14, 0.3),
        };
        float gamma = (float)random.Range(0.8, 1.25);
        float floor = (float)random.Range(0.02, 0.1) + (0.1f * (1 - signal));
        float speckle = (float)random.Range(0.3, 0.55) + (0.25f * (1 - signal));

        IEnumerable<Sdk.Frames.VideoFrame> frames = PlaneFrames.Grey(request, (index, plane) =>
        {
            Render(eye, Scan(start + (step * index)), signal, floor, plane);
            Speckle(draws.Seed("speckle", index), speckle, gamma, plane);
        });
        (string brief, string detailed) = Captions(draws.Stream("captions"), finding, severity, pit, signal, request.NumFrames);
        return new PhantomClip { Truth = draws.Truth("macula", finding), BriefCaption = brief, DetailedCaption = detailed, Frames = frames };
    }

    // The scan turns round at half a width from the fovea.
    private static float Scan(float position) => MathF.Abs(((((position - 0.5f) % 2) + 2) % 2) - 1) - 0.5f;

    private static void Render(OctEye eye, float scan, float signal, float floor, Plane plane)
    {
        Span<float> borders = stackalloc float[Layers.Length + 1];
        for (int x = 0; x < plane.Width; x++)
        {
            float u = ((x + 0.5f) / plane.Width) - 0.5f;
            OctColumn column = eye.ColumnAt(u, scan);
            Borders(column, borders);
            float shadow = column.Shadow;
            for (int y = 0; y < plane.Height; y++)
            {
                float v = (y + 0.5f) / plane.Height;
                float value = eye.FluidAt(u, v, scan, column) switch
                {
                    > 0 and var fluid => ((1 - fluid) * Reflectivity(eye, column, borders, u, v, scan)) + (fluid * 0.06f),
                    _ => Reflectivity(eye, column, borders, u, v, scan),
                };
                value *= v > borders[1] ? shadow : 1;
                plane[x, y] = floor + (value * (0.55f + (0.45f * signal)));
            }
        }
    }

    private static void Borders(in OctColumn column, Span<float> borders)
    {
        borders[0] = column.Surface;
        float inner = 0;
        float outer = 0;
        for (int i = 0; i < Layers.Length; i++)
        {
            (inner, outer) = i < InnerLayers ? (inner + (float)Layers[i].Share, outer) : (inner, outer + (float)Layers[i].Share);
        }

        // The inner layers give way to the pit; the outer ones keep their thickness and sit on the pigment epithelium.
        float bottom = column.Epithelium;
        float outerThickness = MathF.Min(outer * column.FullThickness, 0.92f * (bottom - column.Surface));
        float innerThickness = bottom - column.Surface - outerThickness;
        for (int i = 0; i < Layers.Length; i++)
        {
            borders[i + 1] = borders[i] + ((float)Layers[i].Share * (i < InnerLayers ? innerThickness / inner : outerThickness / outer));
        }
    }

    private static float Reflectivity(OctEye eye, in OctColumn column, ReadOnlySpan<float> borders, float u, float v, float scan)
    {
        const float Soft = 0.006f;
        if (v < borders[0] - Soft)
        {
            return 0.02f;
        }

        float below = v - borders[^1];
        if (below > 0)
        {
            return eye.ChoroidAt(u, below, scan, column);
        }

        int layer = 0;
        while (layer < Layers.Length - 1 && v > borders[layer + 1])
        {
            layer++;
        }

        float here = Layers[layer].Reflectivity;
        float toNext = (borders[layer + 1] - v) / Soft;
        if (toNext < 1 && layer < Layers.Length - 1)
        {
            here += (0.5f - (0.5f * MathF.Max(0, toNext))) * (Layers[layer + 1].Reflectivity - here);
        }

        float into = Math.Clamp((v - borders[0] + Soft) / (2 * Soft), 0, 1);
        return into * here * (1 + eye.Grain(u, v, scan));
    }

    // Fully developed speckle is exponential in intensity; what devices show is its logarithm, averaged over some scans.
    private static void Speckle(int seed, float strength, float gamma, Plane plane)
    {
        uint state = Streams.Mix((uint)seed);
        Plane grain = new(plane.Width, plane.Height);
        for (int i = 0; i < grain.Values.Length; i++)
        {
            state = (state * 1664525) + 1013904223;
            float uniform = ((state >> 8) + 1) / 16777217f;
            grain.Values[i] = MathF.Max(-2, 0.58f + MathF.Log(-MathF.Log(uniform))); // mean about 0
        }

        Blur.Gaussian(grain, 0.0042 * plane.Width, 0.002 * plane.Height);
        for (int i = 0; i < grain.Values.Length; i++)
        {
            float value = plane.Values[i];
            plane.Values[i] = MathF.Pow(
                MathF.Max(0, (value * (1 + (0.75f * strength * grain.Values[i]))) + (0.02f * grain.Values[i] * strength)), gamma);
        }
    }

    private static (string Brief, string Detailed) Captions(Random random, string finding, float severity, float pit, float signal, int frames)
    {
        string size = severity > 0.7 ? "marked" : severity > 0.45 ? "moderate" : "mild";
        string seen = finding switch
        {
            "cystoid-oedema" => $"{size} cystoid macular [oedema|edema] with [dark cystic spaces|intraretinal fluid]",
            "subretinal-fluid" => $"{size} subretinal fluid [lifting the retina|below the fovea]",
            "drusen" => $"{size} drusen [raising the pigment epithelium|below an undulating pigment epithelium]",
            _ => "[regular layers|a normal foveal contour|no fluid]",
        };
        string scroll = frames > 1 ? "[The scan moves through the macula slice by slice.|Successive B-scans pass across the fovea.]" : "";
        string brief = Wording.Write(random, $"[OCT B-scan|Optical coherence tomography|Retinal OCT] of the macula with {seen}.");
        string detailed = Wording.Write(
            random,
            $"[The optical coherence tomogram|This OCT|A cross-sectional OCT view] of the macula shows {seen}. [The bright nerve fibre layer, the "
                + "dark nuclear layers and the bright pigment epithelium are stacked from top to bottom.|Retinal layers of alternating brightness "
                    + "lie above the choroid.] "
            + $"The foveal pit is {(pit > 0.45 ? "deep" : pit < 0.32 ? "shallow" : "of usual depth")}. [Speckle|Grainy speckle] "
                + $"{(signal < 0.5 ? "is strong and the signal weak" : "covers the greyscale image")}. {scroll}");
        return (brief, detailed);
    }
}
