using MedGen.Sdk.Frames;
using MedGen.Phantoms.Anatomy;
using MedGen.Phantoms.Captions;
using MedGen.Phantoms.Fields;
using MedGen.Phantoms.Overlays;
using MedGen.Phantoms.Randomness;

namespace MedGen.Phantoms.Radiography;

/// <summary>
/// A chest radiograph: a chest in three dimensions, projected by the law of Beer and Lambert. The clip is the still picture with fresh quantum noise.
/// </summary>
internal sealed class ChestRadiographPhantom : IPhantom
{
    public string Kind => "dx-chest";

    public string Modality => "DX";

    public string Description => "Frontal chest radiograph, projected from a volume; normal, cardiomegaly, consolidation, effusion or nodule.";

    public IReadOnlyList<string> Labels { get; } = ["normal", "cardiomegaly", "consolidation", "effusion", "nodule"];

    public IReadOnlyList<PhantomParameter> Parameters { get; } =
    [
        PhantomParameter.Word("finding", "What is to be seen.", "normal", "cardiomegaly", "consolidation", "effusion", "nodule"),
        PhantomParameter.Number("heart-width", "Width of the heart relative to normal.", 0.8, 1.6),
        PhantomParameter.Number("habitus", "Fat under the skin, 0 slim to 1 obese.", 0, 1),
        PhantomParameter.Number("contrast", "Steepness of the picture's tone curve.", 0.5, 2),
        PhantomParameter.Number("exposure", "Shift of the tones: positive is brighter.", -0.25, 0.25),
        PhantomParameter.Number("noise", "Standard deviation of the quantum noise relative to white.", 0, 0.06),
        PhantomParameter.Number("rotation", "Rotation of the picture in degrees.", -8, 8),
        PhantomParameter.Word("marker", "Side marker.", "none", "L", "R"),
    ];

    public PhantomClip Simulate(PhantomRequest request)
    {
        ParameterDraws draws = new(this, request);
        string finding = draws.Word("finding");
        double heart = finding == "cardiomegaly" ? draws.Number("heart-width", 1.28, 1.45) : draws.Number("heart-width", 0.85, 1.08);
        double habitus = draws.Number("habitus", 0, 0.7);
        double contrast = draws.Number("contrast", 0.8, 1.4);
        double exposure = draws.Number("exposure", -0.1, 0.1);
        double noise = draws.Number("noise", 0.004, 0.02);
        double rotation = draws.Number("rotation", -3, 3);
        string marker = draws.Word("marker");
        TrunkVolume chest = new(new TrunkPatient(habitus, false, heart, finding, draws.Seed("tissue"), draws.Stream("patient")));
        (string brief, string detailed) = Describe(draws.Stream("caption"), finding, marker);
        Lazy<Plane> still = new(() => Project(chest, request.Width, request.Height, contrast, exposure, rotation * Math.PI / 180, draws));
        return new PhantomClip { Truth = draws.Truth("chest", finding), BriefCaption = brief, DetailedCaption = detailed, Frames = Render() };

        IEnumerable<VideoFrame> Render() => PlaneFrames.Grey(request, (index, picture) =>
        {
            still.Value.Values.CopyTo(picture.Values, 0);
            Random random = draws.Stream("noise", index);
            for (int i = 0; i < picture.Values.Length; i++)
            {
                picture.Values[i] += (float)(noise * random.Gaussian());
            }

            if (marker != "none")
            {
                int scale = 2 * PixelText.ScaleFor(picture.Height);
                PixelText.Draw(picture, marker, marker == "L" ? picture.Width - (7 * scale) : 3 * scale, picture.Height / 10, scale, 0.95f);
            }
        });
    }

    private static Plane Project(TrunkVolume chest, int width, int height, double contrast, double exposure, double rotation, ParameterDraws draws)
    {
        Random random = draws.Stream("positioning");
        (float middleX, float middleZ) = ((float)random.Range(-8, 8), (float)random.Range(82, 102));
        float pixel = (float)(random.Range(350, 390) / Math.Min(width, height));
        (float sine, float cosine) = ((float)Math.Sin(rotation), (float)Math.Cos(rotation));
        Plane picture = new(width, height);
        const float step = 4f;
        for (int row = 0; row < height; row++)
        {
            for (int column = 0; column < width; column++)
            {
                (float u, float v) = ((column + 0.5f - (width / 2f)) * pixel, (row + 0.5f - (height / 2f)) * pixel);
                (float x, float z) = (middleX + (u * cosine) - (v * sine), middleZ - (u * sine) - (v * cosine));
                double path = Clavicle(x, z);
                for (float y = -chest.HalfDepth; y < chest.HalfDepth; y += step)
                {
                    // Linear attenuation relative to water; the beam spreads, so the front is seen a little larger in a PA view.
                    float spread = 1 + (y * 0.0006f);
                    float hu = chest.Hounsfield(x * spread, y, ((z - 90) * spread) + 90);
                    path += step * (1 + (hu * (hu > 150 ? 0.0016 : 0.001)));
                }

                picture[column, row] = (float)path;
            }
        }

        // The tone curve of a display: dense is bright; the unattenuated beam is black.
        float[] sorted = [.. picture.Values.Order()];
        (float low, float high) = (sorted[(int)(sorted.Length * 0.08)], sorted[(int)(sorted.Length * 0.97)]);
        Plane wide = new(width, height);
        picture.Values.CopyTo(wide.Values, 0);
        Blur.Gaussian(wide, width * 0.09);
        for (int i = 0; i < picture.Values.Length; i++)
        {
            float t = (picture.Values[i] - low) / (high - low);
            float local = (picture.Values[i] - wide.Values[i]) / (high - low);
            picture.Values[i] = (float)(0.48 + exposure + (contrast * ((0.75 * (t - 0.5)) + (0.55 * local))));
        }

        Blur.Gaussian(picture, 0.4);
        return picture;
    }

    // The clavicles and shoulder blades lie outside the trunk's volume; they are added as length of bone in the beam.
    private static double Clavicle(float x, float z)
    {
        float side = MathF.Abs(x);
        float line = 182 + (side * 0.16f) + (7 * MathF.Sin(side * 0.035f));
        float off = MathF.Abs(z - line) / 6.5f;
        double clavicle = side is > 14 and < 165 && off < 1 ? 13 * Math.Sqrt(1 - (off * off)) + 4 : 0;
        float edge = side - (118 + ((190 - z) * 0.08f));
        double blade = edge > 0 && z < 185 && z > 60 + (edge * 0.4f) ? edge < 3 ? 9 : 4 : 0;
        return clavicle + blade;
    }

    private static (string Brief, string Detailed) Describe(Random random, string finding, string marker)
    {
        string seen = finding switch
        {
            "normal" => "[clear lungs and a heart of normal size|normal lungs and a normal heart]",
            "cardiomegaly" => "an enlarged heart",
            "consolidation" => "[a patchy consolidation in one lung|an opacity in one lung]",
            "effusion" => "a pleural effusion [on one side|blunting one costophrenic angle]",
            _ => "a [round|solitary] nodule in one lung",
        };
        string brief = Wording.Write(random, $"[a chest X-ray|a frontal chest radiograph|a radiograph of the chest] [showing|with] {seen}.");
        string detailed = Wording.Write(random,
            "the [short video|video] [shows|presents] a [frontal|posteroanterior] [chest X-ray|radiograph of the chest] in grayscale. the dark "
                + "lungs lie on both sides of the [spine and the bright heart shadow|mediastinum], crossed by the ribs and bounded by the [domes of "
                    + "the diaphragm|diaphragm]. "
            + $"[the image shows|visible is] {seen}. the picture is [still|static]{(marker == "none" ? "." : ", with a side marker at the edge.")}");
        return (brief, detailed);
    }
}
