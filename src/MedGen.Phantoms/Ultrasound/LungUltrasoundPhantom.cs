using MedGen.Sdk.Frames;
using MedGen.Phantoms.Captions;
using MedGen.Phantoms.Fields;
using MedGen.Phantoms.Overlays;
using MedGen.Phantoms.Randomness;

namespace MedGen.Phantoms.Ultrasound;

/// <summary>
/// Lung ultrasound: chest wall, ribs with shadows, the pleural line sliding with breath, and below it A-lines, B-lines or a consolidation.
/// </summary>
internal sealed class LungUltrasoundPhantom : IPhantom
{
    public string Kind => "us-lung";

    public string Modality => "US";

    public string Description => "B-mode lung ultrasound with a sliding pleural line, healthy with A-lines, with B-lines, or with a consolidation.";

    public IReadOnlyList<string> Labels { get; } = ["healthy", "b-lines", "consolidation"];

    public IReadOnlyList<PhantomParameter> Parameters { get; } =
    [
        PhantomParameter.Word("finding", "What lies below the pleural line.", "healthy", "b-lines", "consolidation"),
        PhantomParameter.Integer("b-line-count", "Number of B-lines; used with the finding b-lines, else 0.", 0, 7),
        PhantomParameter.Word("probe", "Shape of the probe.", "convex", "linear", "phased"),
        PhantomParameter.Number("depth", "Depth of the picture in mm.", 40, 180),
        PhantomParameter.Number("pleura-depth", "Depth of the pleural line in mm.", 8, 45),
        PhantomParameter.Word("sliding", "Whether the pleura slides with breath.", "present", "absent"),
        PhantomParameter.Number("breathing-rate", "Breaths per minute.", 8, 40),
        PhantomParameter.Word("ribs", "Whether ribs cast shadows.", "none", "one", "two"),
        PhantomParameter.Number("gain", "Gain in dB.", -10, 12),
        PhantomParameter.Number("dynamic-range", "Dynamic range in dB.", 40, 75),
        PhantomParameter.Word("overlay", "Depth marks at the side and burnt-in text.", "none", "device"),
    ];

    public PhantomClip Simulate(PhantomRequest request)
    {
        ParameterDraws draws = new(this, request);
        string finding = draws.Word("finding");
        int lines = draws.Integer("b-line-count", finding == "b-lines" ? 1 : 0, finding == "b-lines" ? 5 : 0);
        if (finding != "b-lines" && lines > 0)
        {
            throw new Sdk.Errors.InvalidInputException("parameters.b-line-count", $"got {lines}; allowed: 0, without the finding b-lines.");
        }

        string shape = draws.Word("probe", 5, 3, 1);
        double depth = shape == "linear" ? draws.Number("depth", 45, 75) : draws.Number("depth", 90, 150);
        UltrasoundProbe probe = shape switch
        {
            "linear" => new(0, 0, depth * 0.45, depth),
            "phased" => new(0.72, 4, 0, depth),
            _ => new(draws.Stream("probe").Range(0.42, 0.62), draws.Stream("radius").Range(35, 60), 0, depth),
        };
        double pleura = draws.Number("pleura-depth", 14, Math.Min(30, depth * 0.35));
        bool slides = draws.Word("sliding", 8, 1) == "present";
        double breaths = draws.Number("breathing-rate", 12, 24);
        string ribs = draws.Word("ribs", 1, 2, 2);
        double gain = draws.Number("gain", -5, 6);
        double range = draws.Number("dynamic-range", 50, 68);
        string overlay = draws.Word("overlay", 1, 1);
        LungScene scene = new(
            probe, pleura, finding, lines, ribs switch { "none" => 0, "one" => 1, _ => 2 }, draws.Seed("tissue"), draws.Stream("scene"));
        double start = draws.Stream("start").NextDouble();
        (string brief, string detailed) = Describe(draws.Stream("caption"), finding, lines, shape, slides, ribs);
        return new PhantomClip
        {
            Truth = draws.Truth("lung and pleura", finding),
            BriefCaption = brief,
            DetailedCaption = detailed,
            Frames = Render(),
        };

        IEnumerable<VideoFrame> Render()
        {
            BModeImager imager = new(probe, request.Width, request.Height, draws.Seed("noise"))
            {
                Gain = gain, DynamicRange = range, Attenuation = 8, Noise = 0.004f, LateralWidth = shape == "linear" ? 0.9 : 1.3,
            };
            Scatterers scatterers = new(24_000, probe, draws.Stream("scatterers"));
            (float[] x, float[] z) = ([.. scatterers.X], [.. scatterers.Z]);
            return PlaneFrames.Grey(request, (index, picture) =>
            {
                double breath = Math.Sin(2 * Math.PI * (start + (index / request.FramesPerSecond * breaths / 60)));
                scene.Paint(scatterers, slides ? breath * 6 : 0, breath, x, z);
                imager.Show(imager.Envelope(scatterers, x, z, index), null, picture);
                if (overlay == "device")
                {
                    for (int mark = 0; mark <= (int)(depth / 10); mark++)
                    {
                        int y = Math.Min((int)(mark * 10 / depth * picture.Height), picture.Height - 1);
                        picture.Row(y)[^(mark % 5 == 0 ? 5 : 3)..].Fill(0.7f);
                    }

                    PixelText.Draw(
                        picture, $"{depth / 10:0} CM", 2, picture.Height - PixelText.LineHeight(
                            PixelText.ScaleFor(picture.Height)), PixelText.ScaleFor(picture.Height), 0.8f);
                }
            });
        }
    }

    private static (string Brief, string Detailed) Describe(Random random, string finding, int lines, string probe, bool slides, string ribs)
    {
        string seen = finding switch
        {
            "healthy" => "[horizontal A-lines|A-lines repeating below the pleura], [a healthy|an aerated] lung",
            "b-lines" =>
                lines == 1 ? "a single [vertical|laser-like] B-line" : $"{lines} [vertical|laser-like] B-lines reaching the bottom of the image",
            _ => "a [subpleural|hypoechoic] consolidation with [bright air bronchograms|an irregular border]",
        };
        string motion = slides ? "the pleura [slides back and forth|moves gently] with breathing." : "no sliding of the pleura is visible.";
        string brief = Wording.Write(
            random, $"[a lung ultrasound clip|an ultrasound of the lung|a grayscale lung ultrasound] [showing|with] {seen}.");
        string detailed = Wording.Write(random,
            $"the [short video|video clip] [shows|presents] [an ultrasound examination of the lung|lung ultrasound] with a {probe} probe. [below "
            + $"the chest wall|beneath the layers of the chest wall] the bright pleural line is visible, with {seen}. {motion} "
            + (ribs == "none" ? "" : $"{(ribs == "one" ? "a rib casts a dark shadow" : "two ribs cast dark shadows")}. ")
            + "the image is grayscale with [speckle texture|a granular texture] on a black background.");
        return (brief, detailed);
    }
}
