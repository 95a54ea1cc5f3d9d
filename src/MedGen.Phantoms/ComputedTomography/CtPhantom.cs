using MedGen.Sdk.Frames;
using MedGen.Phantoms.Anatomy;
using MedGen.Phantoms.Captions;
using MedGen.Phantoms.Fields;
using MedGen.Phantoms.Randomness;

namespace MedGen.Phantoms.ComputedTomography;

/// <summary>A scroll through a CT volume of thorax, abdomen or head.</summary>
internal sealed class CtPhantom : IPhantom
{
    public string Kind => "ct";

    public string Modality => "CT";

    public string Description => "Scroll through a CT of thorax, abdomen or head, axial or coronal, in a usual window.";

    public IReadOnlyList<string> Labels { get; } = ["thorax", "abdomen", "head"];

    public IReadOnlyList<PhantomParameter> Parameters { get; } =
    [
        PhantomParameter.Word("region", "What is scanned.", "thorax", "abdomen", "head"),
        PhantomParameter.Word("plane", "Plane of the slices.", "axial", "coronal"),
        PhantomParameter.Number("window-center", "Middle of the window in HU.", -800, 600),
        PhantomParameter.Number("window-width", "Width of the window in HU.", 50, 3000),
        PhantomParameter.Number("noise", "Standard deviation of the noise in HU.", 0, 60),
        PhantomParameter.Number("field-of-view", "Width of the picture in mm.", 180, 520),
        PhantomParameter.Number("habitus", "Fat under the skin, 0 slim to 1 obese.", 0, 1),
        PhantomParameter.Word("contrast", "Whether contrast medium is in the blood.", "yes", "no"),
        PhantomParameter.Word(
            "finding", "What is to be seen; nodule, consolidation and effusion lie in the thorax, liver lesion in the abdomen.", "none", "nodule",
            "consolidation", "effusion", "liver lesion"),
        PhantomParameter.Number("spacing", "Distance of neighbouring slices in mm.", 0.5, 10),
    ];

    public PhantomClip Simulate(PhantomRequest request)
    {
        ParameterDraws draws = new(this, request);
        string region = draws.Word("region");
        bool head = region == "head";
        string plane = head ? draws.Word("plane", 1, 0) : draws.Word("plane", 2, 1);
        if (head && plane != "axial")
        {
            throw new Sdk.Errors.InvalidInputException("parameters.plane", $"got '{plane}'; allowed: axial, of the head.");
        }

        (double Center, double Width, string Name) window = draws.Stream("window").Pick<(double, double, string)>(region switch
        {
            "thorax" => [(40, 400, "soft tissue"), (-600, 1500, "lung"), (400, 1800, "bone")],
            "abdomen" => [(40, 400, "soft tissue"), (60, 350, "soft tissue"), (200, 700, "angiographic")],
            _ => [(40, 80, "brain"), (40, 120, "brain"), (500, 2000, "bone")],
        });
        double center = draws.Number("window-center", window.Center - 10, window.Center + 10);
        double width = draws.Number("window-width", window.Width * 0.9, window.Width * 1.1);
        double noise = head ? draws.Number("noise", 2, 6) : draws.Number("noise", 6, 22);
        double view = head ? draws.Number("field-of-view", 210, 250) : draws.Number("field-of-view", 330, 400);
        double habitus = draws.Number("habitus");
        bool contrast = draws.Word("contrast") == "yes";
        string finding = region switch
        {
            "thorax" => draws.Word("finding", 3, 1, 1, 1, 0),
            "abdomen" => draws.Word("finding", 2, 0, 0, 0, 1),
            _ => draws.Word("finding", 1, 0, 0, 0, 0),
        };
        double most = (head ? 60.0 : plane == "axial" ? 170 : 130) / Math.Max(request.NumFrames, 2);
        double spacing = draws.Number("spacing", Math.Min(most * 0.6, 5), Math.Min(most, 6));
        bool upwards = draws.Stream("direction").Chance(0.5);
        Random patient = draws.Stream("patient");
        TrunkVolume? trunk = head ? null : new(new TrunkPatient(habitus, contrast, patient.Range(0.9, 1.15), finding, draws.Seed("tissue"), patient));
        HeadVolume? skull = head ? new(patient.NextDouble() * 0.8, false, draws.Seed("tissue"), patient) : null;
        float middle = (float)(head ? 24 : plane == "axial" ? (region == "thorax" ? 95 : -55) : 4);
        middle += (float)patient.Range(-12, 12);
        string name = Math.Abs(center + 600) < 200 ? "lung" : width > 1200 ? "bone" : head ? "brain" : width > 550 ? "angiographic" : "soft tissue";
        (string brief, string detailed) = Describe(draws.Stream("caption"), region, plane, name, contrast && !head, finding);
        return new PhantomClip
        {
            Truth = draws.Truth(head ? "brain and skull" : region == "thorax" ? "lungs, heart and mediastinum" : "abdominal organs", region),
            BriefCaption = brief,
            DetailedCaption = detailed,
            Frames = Render(),
        };

        IEnumerable<VideoFrame> Render() => PlaneFrames.Grey(request, (index, picture) =>
        {
            float step = (float)((index - ((request.NumFrames - 1) / 2.0)) * spacing * (upwards ? 1 : -1));
            float pixel = (float)(view / Math.Min(request.Width, request.Height));
            for (int row = 0; row < picture.Height; row++)
            {
                float v = (row + 0.5f - (picture.Height / 2f)) * pixel;
                for (int column = 0; column < picture.Width; column++)
                {
                    float u = (column + 0.5f - (picture.Width / 2f)) * pixel;
                    (float x, float y, float z) = plane == "axial"
                        ? (u, v, middle + step)
                        : (u, middle + step, (head ? 8 : region == "thorax" ? 95 : -75) - v);
                    picture[column, row] = trunk is not null ? Couch(trunk, x, y, z) : Hounsfield(skull!.At(x, y, z));
                }
            }

            Blur.Gaussian(picture, 0.5);
            AddNoise(picture, noise, draws.Stream("noise", index));
            CtWindow.Apply(picture, center, width);
        });
    }

    /// <summary>Correlated noise of a given standard deviation.</summary>
    internal static void AddNoise(Plane picture, double deviation, Random random)
    {
        Plane noise = new(picture.Width, picture.Height);
        for (int i = 0; i < noise.Values.Length; i++)
        {
            noise.Values[i] = (float)random.Gaussian();
        }

        // The blur takes away a known part of the variance: the sum of the squared weights, in both directions.
        Blur.Gaussian(noise, 0.6);
        float kept = Blur.Kernel(0.6).Sum(w => w * w);
        for (int i = 0; i < noise.Values.Length; i++)
        {
            picture.Values[i] += (float)deviation * noise.Values[i] / kept;
        }
    }

    private static float Couch(TrunkVolume trunk, float x, float y, float z)
    {
        float hu = trunk.Hounsfield(x, y, z);
        float arc = trunk.HalfDepth + 8 - (x * x * 0.0011f);
        return hu < -900 && Math.Abs(x) < 200 && y > trunk.HalfDepth - 45 && Math.Abs(y - arc) < 3 ? -150 : hu;
    }

    private static float Hounsfield(HeadTissue tissue) => tissue switch
    {
        HeadTissue.Air => -1000,
        HeadTissue.Scalp => -40,
        HeadTissue.Muscle => 50,
        HeadTissue.CorticalBone => 1100,
        HeadTissue.Marrow => 450,
        HeadTissue.Fluid => 6,
        HeadTissue.GreyMatter => 38,
        HeadTissue.WhiteMatter => 28,
        HeadTissue.DeepGrey => 37,
        HeadTissue.Lesion => 52,
        HeadTissue.Eye => 8,
        _ => 58,
    };

    private static (string Brief, string Detailed) Describe(Random random, string region, string plane, string window, bool contrast, string finding)
    {
        string part = region switch { "thorax" => "chest", "abdomen" => "abdomen", _ => "head" };
        string seen = region switch
        {
            "thorax" => "the [dark|air-filled] lungs, the heart and the great vessels, the spine and the ribs",
            "abdomen" => "the liver, [spleen|stomach], kidneys and bowel around the spine",
            _ => "the skull, the brain with its [ventricles|fluid spaces], and the [folds|sulci] of the cortex",
        };
        string found = finding switch
        {
            "nodule" => "a [round|solid] nodule lies in the lung.",
            "consolidation" => "[part of one lung is consolidated|a patchy consolidation is seen in one lung].",
            "effusion" => "fluid [collects|has layered] behind one lung, a pleural effusion.",
            "liver lesion" => "[dark|hypodense] lesions are seen in the liver.",
            _ => "[no focal lesion is visible|the organs look normal].",
        };
        string brief = Wording.Write(
            random, $"a CT scan of the {part}, {plane} slices in the {window} window"
                + (finding == "none" ? "." : $", showing {(finding == "effusion" ? "a pleural effusion" : Wording.WithArticle(finding))}."));
        string detailed = Wording.Write(random,
            $"the [short video|video] [scrolls|moves] through {plane} slices of {(contrast ? "a contrast-enhanced" : "an unenhanced")} [CT|computed "
            + $"tomography] scan of the {part}. [visible are|it shows] {seen}. {found} "
            + $"[the grayscale images use|the images are shown in] a {window} window[, with bone in white and air in black|].");
        return (brief, detailed);
    }
}
