using System.Globalization;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;

namespace MedGen.Phantoms.Tests;

/// <summary>What holds for every kind that a camera or microscope records, and for OCT.</summary>
public class VisibleLightPhantomTests
{
    public static TheoryData<string> Kinds => ["es-bronchoscopy", "es-colonoscopy", "es-laparoscopy", "op-fundus", "opt-oct", "sm-histology"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Simulate_SameRequest_GivesSameClipAndFramesReadTwiceAreTheSame(string kind)
    {
        PhantomRequest request = new() { Seed = 11, Width = 48, Height = 40, NumFrames = 3 };
        PhantomClip first = PhantomCatalog.Get(kind).Simulate(request);
        PhantomClip second = PhantomCatalog.Get(kind).Simulate(request);

        byte[][] pixels = Pixels(first);
        Pixels(second).ShouldBe(pixels);
        Pixels(first).ShouldBe(pixels);
        second.Truth.Values.ShouldBe(first.Truth.Values);
        (second.BriefCaption, second.DetailedCaption).ShouldBe((first.BriefCaption, first.DetailedCaption));
        Pixels(PhantomCatalog.Get(kind).Simulate(request with { Seed = 12 })).ShouldNotBe(pixels);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Simulate_ManySeeds_GivesTruthWithinTheParametersAndVariedCaptions(string kind)
    {
        IPhantom phantom = PhantomCatalog.Get(kind);
        HashSet<string> brief = [];
        HashSet<string> labels = [];
        for (int seed = 0; seed < 80; seed++)
        {
            PhantomClip clip = phantom.Simulate(new PhantomRequest { Seed = seed });
            clip.Truth.Modality.ShouldBe(phantom.Modality);
            labels.Add(clip.Truth.Label);
            brief.Add(clip.BriefCaption);
            clip.DetailedCaption.Length.ShouldBeGreaterThan(clip.BriefCaption.Length);
            (clip.BriefCaption + clip.DetailedCaption).ShouldNotContain("[");
            foreach (PhantomParameter parameter in phantom.Parameters)
            {
                string value = clip.Truth.Values[parameter.Name];
                if (parameter.Words.Count > 0)
                {
                    parameter.Words.ShouldContain(value);
                }
                else
                {
                    double.Parse(value, CultureInfo.InvariantCulture).ShouldBeInRange(parameter.Minimum, parameter.Maximum, parameter.Name);
                }
            }
        }

        labels.ShouldBe(phantom.Labels, ignoreOrder: true);
        brief.Count.ShouldBeGreaterThan(5);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Simulate_EveryLabel_CanBeAskedFor(string kind)
    {
        IPhantom phantom = PhantomCatalog.Get(kind);
        PhantomParameter labelled = phantom.Parameters.Single(p => p.Words.Order().SequenceEqual(phantom.Labels.Order()));
        foreach (string label in phantom.Labels)
        {
            PhantomClip clip = phantom.Simulate(new PhantomRequest { Seed = 1, Parameters = new Dictionary<string, string> { [labelled.Name] = label } });

            clip.Truth.Label.ShouldBe(label);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Simulate_Frames_HaveTheSizeAndArePicturesThatMove(string kind)
    {
        int moving = 0;
        for (int seed = 0; seed < 4; seed++)
        {
            byte[][] frames = Pixels(PhantomCatalog.Get(kind).Simulate(new PhantomRequest { Seed = seed, Width = 56, Height = 44, NumFrames = 6 }));

            frames.Length.ShouldBe(6);
            frames.ShouldAllBe(f => f.Length == 56 * 44 * 3);
            double mean = frames[0].Average(b => (double)b);
            mean.ShouldBeInRange(10, 245);
            frames[0].Select(b => (b - mean) * (b - mean)).Average().ShouldBeGreaterThan(100);
            moving += frames[0].Zip(frames[5]).Average(p => Math.Abs(p.First - p.Second)) > 1 ? 1 : 0;
        }

        moving.ShouldBeGreaterThan(1);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Simulate_BadParameter_IsNamed(string kind)
    {
        IPhantom phantom = PhantomCatalog.Get(kind);
        foreach (PhantomParameter parameter in phantom.Parameters)
        {
            PhantomRequest request = new() { Seed = 1, Parameters = new Dictionary<string, string> { [parameter.Name] = "1e9" } };

            Should.Throw<InvalidInputException>(() => phantom.Simulate(request)).Violations.ShouldHaveSingleItem().Field.ShouldBe($"parameters.{parameter.Name}");
        }
    }

    private static byte[][] Pixels(PhantomClip clip) =>
    [
        .. clip.Frames.Select(frame =>
        {
            using (frame)
            {
                return frame.Pixels.ToArray();
            }
        }),
    ];
}
