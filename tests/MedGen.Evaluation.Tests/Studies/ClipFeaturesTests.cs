using MedGen.Evaluation.Studies.Features;
using MedGen.Sdk.Frames;

namespace MedGen.Evaluation.Tests.Studies;

/// <summary>What the study's own classifier sees.</summary>
public sealed class ClipFeaturesTests
{
    private static readonly ClipShape Shape = new() { Width = 32, Height = 32, NumFrames = 9, FramesPerSecond = 8 };

    [Fact]
    public void Pretrained_OfClips_AreNearForTheSamePictureAndFarForAnother()
    {
        string weights = RepositoryRoot.Path("plugins", "ImagingModality", "weights", "modality.safetensors");
        using PretrainedFeatures features = new(weights);

        double[] stripes = features.Of(Clip((x, _, _) => x / 4 % 2 * 200), Shape);
        double[] brighter = features.Of(Clip((x, _, _) => 20 + (x / 4 % 2 * 200)), Shape);
        double[] disc = features.Of(Clip((x, y, _) => ((x - 16) * (x - 16)) + ((y - 16) * (y - 16)) < 80 ? 220 : 10), Shape);
        double[] moving = features.Of(Clip((x, _, t) => (x + t) / 4 % 2 * 200), Shape);

        int half = stripes.Length / 2;
        Distance(stripes, brighter).ShouldBeLessThan(Distance(stripes, disc) / 2);
        stripes[half..].ShouldAllBe(deviation => deviation < 1e-6);
        moving[half..].Sum().ShouldBeGreaterThan(0.1);
        features.Of(Clip((_, _, _) => 90), Shape).ShouldAllBe(value => value == 0);
        features.Name.ShouldContain("frozen ImageNet features");
    }

    private static double Distance(double[] a, double[] b) => Math.Sqrt(a.Zip(b, (x, y) => (x - y) * (x - y)).Sum());

    private static byte[] Clip(Func<int, int, int, int> level)
    {
        byte[] pixels = new byte[Shape.Bytes];
        for (int i = 0; i < pixels.Length; i++)
        {
            int pixel = i / 3;
            pixels[i] = (byte)level(pixel % 32, pixel / 32 % 32, pixel / 1024);
        }

        return pixels;
    }
}
