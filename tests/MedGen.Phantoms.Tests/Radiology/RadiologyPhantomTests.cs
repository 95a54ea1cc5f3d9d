using MedGen.Sdk.Frames;
using MedGen.Phantoms.Anatomy;
using MedGen.Phantoms.ComputedTomography;
using MedGen.Phantoms.Fields;
using MedGen.Phantoms.MagneticResonance;
using MedGen.Phantoms.Ultrasound;

namespace MedGen.Phantoms.Tests.Radiology;

public class RadiologyPhantomTests
{
    public static TheoryData<string> Kinds { get; } = ["us-cardiac", "us-lung", "ct", "mr-brain", "dx-chest", "xa"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Simulate_SameSeed_GivesTheSameFramesAgainAndAnotherSeedOthers(string kind)
    {
        PhantomRequest request = new() { Seed = 11, Width = 48, Height = 40, NumFrames = 3 };
        PhantomClip clip = PhantomCatalog.Get(kind).Simulate(request);
        byte[][] first = Read(clip);

        Read(clip).ShouldBe(first);
        Read(PhantomCatalog.Get(kind).Simulate(request)).ShouldBe(first);
        Read(PhantomCatalog.Get(kind).Simulate(request with { Seed = 12 })).ShouldNotBe(first);
        first.Length.ShouldBe(3);
        first.ShouldAllBe(f => f.Length == 48 * 40 * 3);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Simulate_SomeSeeds_RecordsEveryParameterAndWritesCaptions(string kind) => RecordsEveryParameterAndWritesCaptions(kind, seeds: 8);

    [Theory]
    [MemberData(nameof(Kinds))]
    [Long]
    public void Simulate_ManySeeds_RecordsEveryParameterAndWritesCaptions(string kind) => RecordsEveryParameterAndWritesCaptions(kind, seeds: 40);

    private static void RecordsEveryParameterAndWritesCaptions(string kind, int seeds)
    {
        IPhantom phantom = PhantomCatalog.Get(kind);
        HashSet<string> captions = [];
        for (int seed = 0; seed < seeds; seed++)
        {
            PhantomClip clip = phantom.Simulate(new() { Seed = seed });
            phantom.Parameters.ShouldAllBe(p => clip.Truth.Values.ContainsKey(p.Name));
            clip.BriefCaption.ShouldNotContain("[");
            clip.DetailedCaption.Length.ShouldBeGreaterThan(150);
            captions.Add(clip.DetailedCaption);
            // The truth, fed back as the request, is a valid request for the same truth.
            Dictionary<string, string> all = phantom.Parameters.ToDictionary(p => p.Name, p => clip.Truth.Values[p.Name]);
            phantom.Simulate(new() { Seed = seed, Parameters = all }).Truth.Values.ShouldBe(clip.Truth.Values);
        }

        captions.Count.ShouldBeGreaterThan(seeds / 4);
    }

    [Theory]
    [InlineData(0.25)]
    [InlineData(0.6)]
    public void LeftVentricle_VolumeByDiscsOfItsContour_GivesTheStatedEjectionFraction(double stated)
    {
        LeftVentricle ventricle = new(23, 84, stated);
        double Discs(double phase)
        {
            double sum = 0;
            for (double height = 0.05; height < 100; height += 0.1)
            {
                sum += Math.PI * Math.Pow(ventricle.HalfWidthAt(phase, height), 2) * 0.1 / 1000;
            }

            return sum;
        }

        (1 - (Discs(LeftVentricle.Systole) / Discs(0))).ShouldBe(stated, tolerance: 0.002);
        Discs(0).ShouldBe(ventricle.EndDiastolicVolume, tolerance: 0.2);
    }

    [Fact]
    public void Envelope_UniformTissue_HasTheStatisticsOfRayleigh()
    {
        UltrasoundProbe probe = new(0, 0, 30, 60);
        BModeImager imager = new(probe, 64, 64, 1) { Noise = 0 };
        Scatterers scatterers = new(120_000, probe, new Random(3));
        scatterers.Amplitude.AsSpan().Fill(0.3f);

        Plane envelope = imager.Envelope(scatterers, scatterers.X, scatterers.Z, 0);

        List<double> values = [];
        for (int row = 12; row < BModeImager.Samples - 12; row++)
        {
            for (int column = 8; column < BModeImager.Lines - 8; column++)
            {
                values.Add(envelope[column, row]);
            }
        }

        double mean = values.Average();
        (mean / Math.Sqrt(values.Average(v => (v - mean) * (v - mean)))).ShouldBe(1.91, tolerance: 0.08);
    }

    [Fact]
    public void CtWindow_WaterInACentredWindow_IsMiddleGrey()
    {
        Plane picture = new(3, 1);
        (picture[0, 0], picture[1, 0], picture[2, 0]) = (0, -200, 200);

        CtWindow.Apply(picture, 0, 400);

        picture.Values.ShouldBe([0.5f, 0, 1]);
    }

    [Fact]
    public void AddNoise_FlatPicture_HasTheStatedDeviation()
    {
        Plane picture = new(128, 128);
        CtPhantom.AddNoise(picture, 12, new Random(1));

        Math.Sqrt(picture.Values.Average(v => v * v)).ShouldBe(12, tolerance: 0.6);
    }

    [Fact]
    public void TrunkVolume_AirFatAndSpine_HaveTheirHounsfieldUnits()
    {
        TrunkVolume trunk = new(new TrunkPatient(0.5, false, 1, "none", 1, new Random(1)));

        trunk.Hounsfield(400, 0, 100).ShouldBe(-1000);
        trunk.Hounsfield(trunk.HalfWidth - 14, 0, 0).ShouldBeInRange(-130, -70);
        trunk.Hounsfield(-75, 0, 110).ShouldBeInRange(-1000, 100);
        trunk.Hounsfield(-70, 0, -40).ShouldBeInRange(30, 80);
    }

    [Fact]
    public void RicianNoise_NoSignal_IsRayleighAndStrongSignalIsNearlyGaussian()
    {
        Plane dark = new(200, 200);
        RicianNoise.Add(dark, 0.1, new Random(1));
        Plane bright = new(200, 200);
        bright.Values.AsSpan().Fill(2);
        RicianNoise.Add(bright, 0.1, new Random(2));

        dark.Values.Average().ShouldBe(0.1f * MathF.Sqrt(MathF.PI / 2), tolerance: 0.002f);
        bright.Values.Average(v => (v - 2.0025) * (v - 2.0025)).ShouldBe(0.01, tolerance: 0.0004);
    }

    [Fact]
    public void BLines_CountedInThePicture_AreAsManyAsStated()
    {
        foreach (int count in new[] { 1, 3, 5 })
        {
            PhantomClip clip = PhantomCatalog.Get("us-lung").Simulate(new()
            {
                Seed = 4, Width = 256, Height = 256, NumFrames = 12,
                Parameters = new Dictionary<string, string>
                {
                    ["finding"] = "b-lines", ["b-line-count"] = $"{count}", ["probe"] = "linear", ["ribs"] = "none", ["overlay"] = "none",
                    ["sliding"] = "absent", ["depth"] = "60", ["pleura-depth"] = "15", ["gain"] = "0", ["dynamic-range"] = "55",
                },
            });
            Plane profile = new(256, 1);
            foreach (byte[] frame in Read(clip))
            {
                for (int at = 0; at < 256 * 80; at++)
                {
                    profile.Values[at % 256] += frame[((140 * 256) + at) * 3] / (80f * 12);
                }
            }

            Blur.Gaussian(profile, 4, 0);
            float threshold = (profile.Values[24..232].Max() + profile.Values[24..232].Min()) / 2;
            Enumerable.Range(24, 208).Count(x => profile[x, 0] >= threshold && profile[x - 1, 0] < threshold).ShouldBe(count);
        }
    }

    private static byte[][] Read(PhantomClip clip)
    {
        List<byte[]> frames = [];
        foreach (VideoFrame frame in clip.Frames)
        {
            frames.Add(frame.Pixels.ToArray());
            frame.Dispose();
        }

        return [.. frames];
    }
}
