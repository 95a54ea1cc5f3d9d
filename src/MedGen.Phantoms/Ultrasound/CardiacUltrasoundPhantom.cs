using MedGen.Phantoms.Captions;
using MedGen.Phantoms.Fields;
using MedGen.Phantoms.Overlays;
using MedGen.Phantoms.Randomness;

namespace MedGen.Phantoms.Ultrasound;

/// <summary>Transthoracic echocardiography of a beating heart, apical four-chamber or parasternal short-axis view.</summary>
internal sealed class CardiacUltrasoundPhantom : IPhantom
{
    private const int ScattererCount = 26_000;

    public string Kind => "us-cardiac";

    public string Modality => "US";

    public string Description => "B-mode echocardiography of a beating left ventricle with a given ejection fraction and heart rate.";

    public IReadOnlyList<string> Labels { get; } = ["normal", "mildly reduced", "reduced"];

    public IReadOnlyList<PhantomParameter> Parameters { get; } =
    [
        PhantomParameter.Word("view", "Echocardiographic view.", "apical four-chamber", "parasternal short-axis"),
        PhantomParameter.Number(
            "ejection-fraction", "Ejection fraction of the left ventricle in %; from 50 normal, from 40 mildly reduced, below reduced.", 10, 80),
        PhantomParameter.Number("heart-rate", "Beats per minute.", 40, 160),
        PhantomParameter.Number("length", "Length of the left ventricle at end-diastole in mm.", 60, 105),
        PhantomParameter.Number("half-width", "Half of the inner diameter at the base at end-diastole in mm.", 16, 36),
        PhantomParameter.Number("wall", "Thickness of the wall at end-diastole in mm.", 6, 18),
        PhantomParameter.Number("depth", "Depth of the picture in mm.", 110, 200),
        PhantomParameter.Number("sector", "Opening of the sector in degrees.", 60, 100),
        PhantomParameter.Number("tilt", "Tilt of the heart's long axis in the picture in degrees; positive to the right.", -25, 25),
        PhantomParameter.Number("gain", "Gain in dB.", -8, 12),
        PhantomParameter.Number("dynamic-range", "Dynamic range in dB.", 40, 70),
        PhantomParameter.Word("overlay", "Electrocardiogram and burnt-in text.", "none", "device"),
    ];

    public PhantomClip Simulate(PhantomRequest request)
    {
        ParameterDraws draws = new(this, request);
        string view = draws.Word("view", 2, 1);
        double fraction = draws.Stream("class").Next(3) switch
        {
            0 => draws.Number("ejection-fraction", 50, 72),
            1 => draws.Number("ejection-fraction", 40, 50),
            _ => draws.Number("ejection-fraction", 15, 40),
        };
        double rate = draws.Number("heart-rate", 50, 110);
        double dilation = fraction < 40 ? 1.15 : 1;
        LeftVentricle ventricle = new(draws.Number("half-width", 19 * dilation, 25 * dilation), draws.Number("length", 72, 92), fraction / 100);
        double wall = draws.Number("wall", 8, 12);
        UltrasoundProbe probe = new(draws.Number("sector", 68, 90) * Math.PI / 360, 4, 0, draws.Number("depth", 135, 170));
        double tilt = draws.Number("tilt", -14, 10) * Math.PI / 180;
        double gain = draws.Number("gain", -6, 4);
        double range = draws.Number("dynamic-range", 48, 62);
        string overlay = draws.Word("overlay", 1, 1);
        draws.Record("end-diastolic-volume", Math.Round(ventricle.EndDiastolicVolume, 2));
        draws.Record("end-systolic-volume", Math.Round(ventricle.EndSystolicVolume, 2));
        double start = draws.Stream("start").NextDouble();
        draws.Record("start-phase", start);
        string label = fraction >= 50 ? "normal" : fraction >= 40 ? "mildly reduced" : "reduced";
        CardiacScene scene = new(ventricle, wall, tilt, view == "parasternal short-axis", draws.Seed("tissue"), draws.Stream("scene"));
        (string brief, string detailed) = Describe(draws.Stream("caption"), view, label, rate, overlay);
        return new PhantomClip
        {
            Truth = draws.Truth("left ventricle", label),
            BriefCaption = brief,
            DetailedCaption = detailed,
            Frames = Render(),
        };

        IEnumerable<Sdk.Frames.VideoFrame> Render()
        {
            BModeImager imager = new(
                probe, request.Width, request.Height, draws.Seed("noise")) { Gain = gain, DynamicRange = range, Attenuation = 9, Noise = 0.006f,
                AxialWidth = 1.2, LateralWidth = 1.15 };
            Scatterers scatterers = new(ScattererCount, probe, draws.Stream("scatterers"));
            scene.Paint(scatterers, probe);
            (float[] x, float[] z) = (new float[scatterers.Count], new float[scatterers.Count]);
            Plane shade = Shade(draws.Seed("shade"));
            bool device = overlay == "device";
            return PlaneFrames.Grey(request, (index, picture) =>
            {
                double phase = Phase(index);
                scene.Move(scatterers, phase, x, z);
                imager.Show(imager.Envelope(scatterers, x, z, index), shade, picture);
                if (device)
                {
                    Electrocardiogram.Draw(picture, i => Phase(i), index, request.NumFrames);
                    PixelText.Draw(picture, $"{rate:0} BPM", 2, 2, PixelText.ScaleFor(picture.Height), 0.8f);
                }
            });
        }

        double Phase(double index) => (start + (index / request.FramesPerSecond * rate / 60)) % 1;
    }

    // Ribs and lung beside the window darken some lines; contact is never even.
    private static Plane Shade(int seed)
    {
        Plane shade = new(BModeImager.Lines, BModeImager.Samples);
        ValueNoise noise = new(seed);
        for (int row = 0; row < shade.Height; row++)
        {
            for (int column = 0; column < shade.Width; column++)
            {
                float edge = Math.Abs((2f * column / shade.Width) - 1);
                float contact = 1 + (0.75f * noise.Fractal(column * 0.07f, row * 0.006f, 2)) - (0.5f * edge * edge * edge);
                shade[column, row] = Math.Max(contact, 0.08f);
            }
        }

        return shade;
    }

    private static (string Brief, string Detailed) Describe(Random random, string view, string label, double rate, string overlay)
    {
        string function = label switch
        {
            "normal" => "[normal|preserved] [systolic function|contraction]",
            "mildly reduced" => "mildly reduced [systolic function|ejection fraction]",
            _ => "[reduced|clearly reduced] [systolic function|ejection fraction], the walls [move little|hardly thicken]",
        };
        string pace = rate < 60 ? "slowly" : rate > 100 ? "quickly" : "regularly";
        string brief = Wording.Write(
            random,
            $"[an echocardiogram|a grayscale echocardiogram|a cardiac ultrasound clip] in the {view} view [showing|of] a left ventricle with "
                + $"{function}.");
        string seen = view == "apical four-chamber"
            ? "The [apex of the heart is at the top|left ventricle lies with its apex near the probe], the [two atria below|atria at the bottom of "
                + "the sector], and the mitral valve [opens and closes|moves] with each beat."
            : "The left ventricle [appears as a ring|is cut across, a dark round cavity in a bright muscular ring] with the papillary muscles "
                + "[inside|projecting into the cavity].";
        string detailed = Wording.Write(random,
            $"the [short video|video|short video clip] [shows|presents|depicts] an ultrasound examination of the heart in the {view} view. {seen} "
            + $"the heart beats {pace} at about {rate:0} beats per minute, with {function}. "
            + "the image is a [fan-shaped|sector-shaped] grayscale [picture|image] with [typical speckle|a granular speckle texture] on a black "
            + "background"
            + (overlay == "device" ? ", with an [ECG trace|electrocardiogram] along the bottom." : "."));
        return (brief, detailed);
    }
}
