using System.Numerics;
using MedGen.Phantoms.Endoscopy.Lumens;
using MedGen.Phantoms.Fields;

namespace MedGen.Phantoms.Tests.Endoscopy;

/// <summary>Where the polyp of a simulated colonoscopy is said to be.</summary>
public sealed class ColonPolypTests
{
    private const int Side = 96;

    [Fact]
    public void RegionsOf_ClipsWithAPolyp_BoundAPartOfAnotherColour()
    {
        int shown = 0;
        int redder = 0;
        for (int seed = 0; seed < 10; seed++)
        {
            PhantomClip clip = Colon(seed, "polyp");
            foreach (Sdk.Frames.VideoFrame frame in clip.Frames)
            {
                using (frame)
                {
                    if (clip.RegionsOf((int)frame.Index) is [{ Pixels: >= 60 } region])
                    {
                        (region.Label, region.Track).ShouldBe(("polyp", 0));
                        region.X.ShouldBeInRange(0, Side - region.Width);
                        region.Y.ShouldBeInRange(0, Side - region.Height);
                        region.Pixels.ShouldBeInRange(1, region.Width * region.Height);
                        shown++;
                        redder += Redness(frame, region, 0) > Redness(frame, region, 6) ? 1 : 0;
                    }
                }
            }
        }

        shown.ShouldBeGreaterThan(15);
        redder.ShouldBeGreaterThan((int)(0.8 * shown));
    }

    [Fact]
    public void RegionsOf_NormalColon_IsEmpty() => Colon(1, "normal").RegionsOf(0).ShouldBeEmpty();

    [Fact]
    public void RegionsOf_ReadTwice_IsTheSame()
    {
        PhantomClip clip = Colon(3, "polyp");

        clip.RegionsOf(2).ShouldBe(Colon(3, "polyp").RegionsOf(2));
        clip.RegionsOf(2).ShouldHaveSingleItem();
    }

    [Fact]
    public void RegionOf_ADiscBesideTheMiddle_IsItsBoxWithoutWhatTheOutlineCutsOff()
    {
        LumenView view = new()
        {
            Camera = 0, Eye = default, Look = default, Roll = 0, HalfAngle = 1, Exposure = 1, Balance = Vector3.One, Gloss = 0,
            Ripple = new ValueNoise(1),
        };

        // To the right of the middle and below it: rays with both parts positive.
        PhantomRegion whole = view.RegionOf("disc", 64, 64, (_, _) => true, ray => ray is { X: > 0, Y: > 0 }).ShouldNotBeNull();
        PhantomRegion cut = view.RegionOf("disc", 64, 64, (x, y) => x < 40 && y < 36, ray => ray is { X: > 0, Y: > 0 }).ShouldNotBeNull();

        whole.ShouldBe(new PhantomRegion { Label = "disc", Track = 0, X = 32, Y = 32, Width = 32, Height = 32, Pixels = 1024 });
        cut.ShouldBe(new PhantomRegion { Label = "disc", Track = 0, X = 32, Y = 32, Width = 8, Height = 4, Pixels = 32 });
        view.RegionOf("disc", 64, 64, (_, _) => true, _ => false).ShouldBeNull();
    }

    [Fact]
    public void Hit_APolypBehindAFold_IsNone()
    {
        ColonPolyp polyp = new() { Depth = 3, Angle = 0, Size = 0.6f, Shape = "sessile", Centre = _ => default, Noise = new ValueNoise(1) };
        Vector3 head = polyp.Head();
        Vector2 ray = new Vector2(head.X, head.Y) / head.Z;

        polyp.Hit(ray, 0, default, before: 14).ShouldNotBeNull().Depth.ShouldBeInRange(2.5f, 3);
        polyp.Hit(ray, 0, default, before: 2).ShouldBeNull();
        polyp.Hit(-ray, 0, default, before: 14).ShouldBeNull();
    }

    private static PhantomClip Colon(int seed, string finding) => PhantomCatalog.Get("es-colonoscopy").Simulate(new PhantomRequest
    {
        Seed = seed, Width = Side, Height = Side, NumFrames = 4, FramesPerSecond = 4,
        Parameters = new Dictionary<string, string> { ["finding"] = finding },
    });

    // Mean of ln R − ln G within the region, or with a margin in a ring around it; what is black or mirrors the lamp is left out.
    private static double Redness(Sdk.Frames.VideoFrame frame, PhantomRegion region, int margin)
    {
        (double sum, int count) = (0, 0);
        ReadOnlySpan<byte> pixels = frame.Pixels.Span;
        for (int y = Math.Max(0, region.Y - margin); y < Math.Min(Side, region.Y + region.Height + margin); y++)
        {
            for (int x = Math.Max(0, region.X - margin); x < Math.Min(Side, region.X + region.Width + margin); x++)
            {
                bool isInside = x >= region.X && x < region.X + region.Width && y >= region.Y && y < region.Y + region.Height;
                (byte red, byte green) = (pixels[3 * ((y * Side) + x)], pixels[(3 * ((y * Side) + x)) + 1]);
                if (isInside == (margin == 0) && red > 20 && green < 170)
                {
                    (sum, count) = (sum + Math.Log((red + 4.0) / (green + 4.0)), count + 1);
                }
            }
        }

        return sum / Math.Max(1, count);
    }
}
