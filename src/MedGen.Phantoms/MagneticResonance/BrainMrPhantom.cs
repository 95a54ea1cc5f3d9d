using MedGen.Sdk.Frames;
using MedGen.Phantoms.Anatomy;
using MedGen.Phantoms.Captions;
using MedGen.Phantoms.Fields;
using MedGen.Phantoms.Randomness;

namespace MedGen.Phantoms.MagneticResonance;

/// <summary>A scroll through an MR volume of the head in one of several contrasts.</summary>
internal sealed class BrainMrPhantom : IPhantom
{
    public string Kind => "mr-brain";

    public string Modality => "MR";

    public string Description => "Scroll through a brain MR: T1, T1 with contrast, T2 or FLAIR; axial; with or without a tumour.";

    public IReadOnlyList<string> Labels { get; } = ["no tumour", "tumour"];

    public IReadOnlyList<PhantomParameter> Parameters { get; } =
    [
        PhantomParameter.Word("sequence", "Contrast.", "T1", "T1 with contrast", "T2", "FLAIR"),
        PhantomParameter.Word("plane", "Plane of the slices.", "axial"),
        PhantomParameter.Word("finding", "Whether there is a tumour.", "no tumour", "tumour"),
        PhantomParameter.Number("atrophy", "Width of sulci and ventricles, 0 young to 1 old.", 0, 1),
        PhantomParameter.Number("bias-field", "Uneven sensitivity of the coils: relative deviation at most.", 0, 0.6),
        PhantomParameter.Number("noise", "Standard deviation of the noise in each of the two channels, relative to white.", 0, 0.2),
        PhantomParameter.Number("field-of-view", "Width of the picture in mm.", 180, 320),
        PhantomParameter.Number("spacing", "Distance of neighbouring slices in mm.", 0.5, 10),
    ];

    public PhantomClip Simulate(PhantomRequest request)
    {
        ParameterDraws draws = new(this, request);
        string sequence = draws.Word("sequence");
        string plane = draws.Word("plane");
        string finding = draws.Word("finding");
        double atrophy = draws.Number("atrophy", 0, 0.8);
        double bias = draws.Number("bias-field", 0.05, 0.35);
        double noise = draws.Number("noise", 0.01, 0.05);
        double view = draws.Number("field-of-view", 205, 250);
        double most = 50.0 / Math.Max(request.NumFrames, 2);
        double spacing = draws.Number("spacing", Math.Min(most * 0.6, 3), Math.Min(most, 4));
        Random patient = draws.Stream("patient");
        HeadVolume head = new(atrophy, finding == "tumour", draws.Seed("folds"), patient);
        // The skull's base is too rough to be shown: slices stay above it.
        float middle = head.Lesion is { } tumour ? Math.Max(tumour.Z, 12) : (float)patient.Range(14, 28);
        bool upwards = draws.Stream("direction").Chance(0.5);
        ValueNoise coil = new(draws.Seed("coil"));
        float[] signal = [.. Enum.GetValues<HeadTissue>().Select(t => Signal(t, sequence))];
        (string brief, string detailed) = Describe(draws.Stream("caption"), sequence, plane, finding, atrophy);
        return new PhantomClip { Truth = draws.Truth("brain", finding), BriefCaption = brief, DetailedCaption = detailed, Frames = Render() };

        IEnumerable<VideoFrame> Render() => PlaneFrames.Grey(request, (index, picture) =>
        {
            float at = middle + (float)((index - ((request.NumFrames - 1) / 2.0)) * spacing * (upwards ? 1 : -1));
            float pixel = (float)(view / Math.Min(request.Width, request.Height));
            for (int row = 0; row < picture.Height; row++)
            {
                float v = (row + 0.5f - (picture.Height / 2f)) * pixel;
                for (int column = 0; column < picture.Width; column++)
                {
                    float u = (column + 0.5f - (picture.Width / 2f)) * pixel;
                    float gain = 1 + ((float)bias * 1.6f * coil.At(u * 0.009f, v * 0.009f, at * 0.009f));
                    picture[column, row] = signal[(int)head.At(u, v, at)] * gain;
                }
            }

            Blur.Gaussian(picture, 0.55 * Math.Max(request.Width / 200.0, 1));
            RicianNoise.Add(picture, noise, draws.Stream("noise", index));
        });
    }

    // Relative signal at usual echo and repetition times.
    private static float Signal(HeadTissue tissue, string sequence) => (tissue, sequence) switch
    {
        (HeadTissue.Air or HeadTissue.CorticalBone, _) => 0.02f,
        (HeadTissue.Scalp, "T1" or "T1 with contrast") => 0.95f,
        (HeadTissue.Scalp, _) => 0.62f,
        (HeadTissue.Marrow, _) => 0.34f,
        (HeadTissue.Muscle, "T2" or "FLAIR") => 0.22f,
        (HeadTissue.Muscle, _) => 0.42f,
        (HeadTissue.Fluid, "T2") => 0.95f,
        (HeadTissue.Fluid, "FLAIR") => 0.06f,
        (HeadTissue.Fluid, _) => 0.14f,
        (HeadTissue.Eye, "T2") => 0.9f,
        (HeadTissue.Eye, _) => 0.16f,
        (HeadTissue.GreyMatter, "T2") => 0.55f,
        (HeadTissue.GreyMatter, "FLAIR") => 0.52f,
        (HeadTissue.GreyMatter, _) => 0.43f,
        (HeadTissue.WhiteMatter, "T2") => 0.34f,
        (HeadTissue.WhiteMatter, "FLAIR") => 0.38f,
        (HeadTissue.WhiteMatter, _) => 0.63f,
        (HeadTissue.DeepGrey, "T2") => 0.45f,
        (HeadTissue.DeepGrey, "FLAIR") => 0.46f,
        (HeadTissue.DeepGrey, _) => 0.5f,
        (HeadTissue.Lesion, "T1") => 0.33f,
        (HeadTissue.Lesion, "T1 with contrast") => 0.98f,
        (HeadTissue.Lesion, _) => 0.85f,
        (HeadTissue.Blood, "T1 with contrast") => 0.95f,
        _ => 0.15f,
    };

    private static (string Brief, string Detailed) Describe(Random random, string sequence, string plane, string finding, double atrophy)
    {
        string name = sequence switch { "FLAIR" => "FLAIR", "T1 with contrast" => "contrast-enhanced T1-weighted", _ => $"{sequence}-weighted" };
        string fluid = sequence == "T2" ? "bright" : "dark";
        string found = finding == "tumour"
            ? sequence == "T1"
                ? "[a dark mass|a tumour, darker than the brain around it,] is seen in one hemisphere."
                : "[a bright mass|a tumour, brighter than the brain around it,] is seen in one hemisphere."
            : "[no mass is visible|both hemispheres look alike].";
        string brief = Wording.Write(
            random, $"[{Wording.WithArticle(name)} MR scan of the brain|MR imaging of the brain, {name}], {plane} slices"
                + (finding == "tumour" ? " showing a tumour." : "."));
        string detailed = Wording.Write(random,
            $"the [short video|video] [scrolls|moves] through {plane} [slices|images] of {Wording.WithArticle(name)} [magnetic resonance|MR] scan "
            + $"of the head. [the folded cortex|the grey matter of the cortex], the white matter and the {fluid} "
            + "[ventricles|fluid in the ventricles] are [visible|seen] inside the "
            + $"skull{(atrophy > 0.55 ? ", with wide sulci and ventricles" : "")}. {found} the images are grayscale on a black background.");
        return (brief, detailed);
    }
}
