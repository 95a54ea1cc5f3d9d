using System.Globalization;
using MedGen.Phantoms;
using MedGen.Sdk.Analysis;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Testing.Clips;
using MedGen.Sdk.Testing.Conformance;
using PolypDetector;

namespace MedGen.Sdk.Testing.Tests;

/// <summary>The sample with boxes and tracks, over simulated colonoscopies in which the place of the polyp is known.</summary>
public sealed class PolypDetectorTests
{
    private const int Clips = 18; // of which each third shows no polyp
    private const int FirstSeed = 5000; // none that it was fitted to
    private const int Side = 128;
    private const int NumFrames = 12;
    private const int LeastPixels = 60; // of a polyp that should be found: about 9 px across
    private const double LeastOverlap = 0.5;

    public static TheoryData<string> Checks => new(AnalyzerConformance.Checks);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Checks))]
    public async Task Sample_UnderTheChecksOfTheSdk_KeepsItsContract(string check)
    {
        await using PluginUnderTest plugin = PluginUnderTest.Start(new PolypPlugin());
        await new AnalyzerConformance(plugin.Analyzer("polyps")).RunAsync(check, Token);
    }

    [Fact]
    public async Task Analyze_OfSimulatedColonoscopies_FindsPolypsWhereTheyAreAndFollowsThem()
    {
        await using PluginUnderTest plugin = PluginUnderTest.Start(new PolypPlugin());

        Outcome[] all = await Task.WhenAll(Enumerable.Range(0, Clips).Select(i => Task.Run(() => JudgeAsync(plugin, FirstSeed + i, i % 3 != 2), Token)));

        int shown = all.Sum(one => one.Shown);
        int found = all.Sum(one => one.Overlaps.Count);
        int wrong = all.Sum(one => one.Wrong);
        double recall = (double)found / shown;
        double precision = (double)found / (found + wrong);
        double overlap = all.SelectMany(one => one.Overlaps).Average();
        Outcome[] withPolyp = [.. all.Where(one => one.Shown > 0)];
        int clipsFound = withPolyp.Count(one => one.Tracks.Count > 0);
        int changes = all.Sum(one => Math.Max(0, one.Tracks.Count - 1));
        Outcome[] normal = [.. all.Where((_, i) => i % 3 == 2)];
        TestContext.Current.TestOutputHelper!.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{shown} frames with a polyp: recall {recall:0.00}, precision {precision:0.00}, mean overlap {overlap:0.00}; found in {clipsFound} of "
                + $"{withPolyp.Length} clips, {changes} changes of track; boxes in {normal.Count(one => one.Wrong > 0)} of {normal.Length} clips without one."));

        recall.ShouldBeGreaterThan(0.45);
        precision.ShouldBeGreaterThan(0.6);
        overlap.ShouldBeGreaterThan(0.6);
        clipsFound.ShouldBeGreaterThan(withPolyp.Length / 2);
        changes.ShouldBeLessThan(clipsFound / 4);
        normal.Count(one => one.Wrong > 0).ShouldBeLessThan(normal.Length / 2);
    }

    [Fact]
    public async Task Analyze_LiveOrStored_SaysTheSame()
    {
        await using PluginUnderTest plugin = PluginUnderTest.Start(new PolypPlugin());
        TestClip stored = Film(Colon(Clear, shows: true));

        IReadOnlyList<BoxFinding> found = await FindAsync(plugin, stored);

        found.ShouldNotBeEmpty();
        (await FindAsync(plugin, stored with { IsLive = true })).ShouldBe(found);
    }

    [Fact]
    public async Task Analyze_OfAClipOfTwiceTheSize_GivesTheSameBoxesInItsPixels()
    {
        await using PluginUnderTest plugin = PluginUnderTest.Start(new PolypPlugin());
        TestClip small = Film(Colon(Clear, shows: true));
        TestClip large = small with { Width = 2 * Side, Height = 2 * Side, Paint = (index, pixels) => Enlarge(small, index, pixels.Span) };

        IReadOnlyList<BoxFinding> found = await FindAsync(plugin, small);

        (await FindAsync(plugin, large)).ShouldBe(
            found.Select(box => box with { X = 2 * box.X, Y = 2 * box.Y, Width = 2 * box.Width, Height = 2 * box.Height }));
    }

    [Fact]
    public async Task Analyze_WithALeastScore_KeepsToIt()
    {
        await using PluginUnderTest plugin = PluginUnderTest.Start(new PolypPlugin());
        TestClip clip = Film(Colon(Clear, shows: true));

        IReadOnlyList<BoxFinding> many = await FindAsync(plugin, clip, """{"least_score": 0.1}""");
        IReadOnlyList<BoxFinding> few = await FindAsync(plugin, clip, """{"least_score": 0.8}""");

        few.Count.ShouldBeLessThan(many.Count);
        few.ShouldAllBe(box => box.Score >= 0.8);
        many.Min(box => box.Score).ShouldBeInRange(0.1, 0.8);
    }

    private const int Clear = 5003; // a polyp that is in view from beginning to end

    private static PhantomClip Colon(int seed, bool shows) => PhantomCatalog.Get("es-colonoscopy").Simulate(new PhantomRequest
    {
        Seed = seed, Width = Side, Height = Side, NumFrames = NumFrames, FramesPerSecond = 8,
        Parameters = new Dictionary<string, string> { ["finding"] = shows ? "polyp" : "normal" },
    });

    private static TestClip Film(PhantomClip colon)
    {
        byte[][] frames = [.. colon.Frames.Select(frame => frame.Pixels.ToArray())];
        return new TestClip { Width = Side, Height = Side, NumFrames = frames.Length, Paint = (index, pixels) => frames[index].CopyTo(pixels) };
    }

    private static async Task<Outcome> JudgeAsync(PluginUnderTest plugin, int seed, bool shows)
    {
        PhantomClip colon = Colon(seed, shows);
        ILookup<long, BoxFinding> boxes = (await FindAsync(plugin, Film(colon))).ToLookup(box => ((FrameScope)box.Scope).Index);
        Outcome outcome = new();
        for (int index = 0; index < NumFrames; index++)
        {
            PhantomRegion? truth = colon.RegionsOf(index).SingleOrDefault();
            bool counts = truth?.Pixels >= LeastPixels;
            outcome.Shown += counts ? 1 : 0;
            BoxFinding? hit = boxes[index].Where(box => Overlap(box, truth) >= LeastOverlap).MaxBy(box => Overlap(box, truth));
            if (hit is not null && counts)
            {
                outcome.Overlaps.Add(Overlap(hit, truth));
                outcome.Tracks.Add(hit.Track!.Value);
            }

            // A box on a polyp that is too small to count is neither right nor wrong.
            outcome.Wrong += boxes[index].Count(box => box != hit && (counts || Overlap(box, truth) == 0));
        }

        return outcome;
    }

    private static double Overlap(BoxFinding box, PhantomRegion? truth)
    {
        if (truth is null)
        {
            return 0;
        }

        double across = Math.Min(box.X + box.Width, truth.X + truth.Width) - Math.Max(box.X, truth.X);
        double down = Math.Min(box.Y + box.Height, truth.Y + truth.Height) - Math.Max(box.Y, truth.Y);
        double both = Math.Max(0, across) * Math.Max(0, down);
        return both / ((box.Width * box.Height) + (truth.Width * truth.Height) - both);
    }

    private static async Task<IReadOnlyList<BoxFinding>> FindAsync(PluginUnderTest plugin, TestClip clip, string parameters = "{}")
    {
        AnalysisRequest request = new() { Inputs = [new InputClip { Role = "clip", Clip = clip }], Parameters = parameters };
        return [.. (await plugin.Analyzer("polyps").AnalyzeAsync(request, Token).ToListAsync(Token)).OfType<FinalFindings>()
            .SelectMany(said => said.Findings).Cast<BoxFinding>()];
    }

    private static void Enlarge(TestClip small, int index, Span<byte> pixels)
    {
        byte[] from = new byte[3 * Side * Side];
        small.Paint!(index, from);
        for (int i = 0; i < 4 * Side * Side; i++)
        {
            (int x, int y) = (i % (2 * Side), i / (2 * Side));
            from.AsSpan(3 * ((y / 2 * Side) + (x / 2)), 3).CopyTo(pixels[(3 * i)..]);
        }
    }

    private sealed class Outcome
    {
        public int Shown { get; set; }

        public List<double> Overlaps { get; } = [];

        public HashSet<long> Tracks { get; } = [];

        public int Wrong { get; set; }
    }
}
