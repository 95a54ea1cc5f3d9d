using MedGen.Training.Clips;
using MedGen.Training.Flow;
using MedGen.Training.Recipes;
using MedGen.Training.Running;

namespace MedGen.Training.Tests.Flow;

/// <summary>The words that a flow is shown.</summary>
public sealed class FlowBatchesTests : IDisposable
{
    private const string Brief = "Colonoscopy showing a polyp, pedunculated.";
    private const string Detailed = "The video shows a colonoscopy with a polyp on a stalk. Haustral folds ring the lumen.";
    private static readonly string[] Free = ["colon, polyp", "stalk in the bowel"];
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Make_WithExcerpts_ShowsWordsInARowOfSomeCaptions()
    {
        string[] captions = Captions(new FlowOptions { CaptionDropout = 0, CaptionExcerpts = 0.6 });

        captions.ShouldAllBe(caption => caption.Length > 0 && (Brief.Contains(caption) || Detailed.Contains(caption)));
        captions.Count(caption => caption is not (Brief or Detailed)).ShouldBeInRange(100, 140); // of 200; an excerpt may be all of it
        captions.ShouldContain("Colonoscopy");
        captions.Count(caption => !Brief.StartsWith(caption) && !Detailed.StartsWith(caption)).ShouldBeInRange(30, 80); // from the middle
        captions.ShouldAllBe(caption => caption == Brief || caption == Detailed || !caption.EndsWith('.'));
    }

    [Fact]
    public void Make_WithoutExcerpts_ShowsWholeCaptions() =>
        Captions(new FlowOptions { CaptionDropout = 0 }).Distinct().Order().ShouldBe([Brief, Detailed]);

    [Fact]
    public void Make_WithWordDropout_LeavesOutSomeWordsAndNeverAll()
    {
        string[] captions = Captions(new FlowOptions { CaptionDropout = 0, WordDropout = 0.5 });

        captions.ShouldAllBe(caption => caption.Length > 0 && caption.Split(' ').All($"{Brief} {Detailed}".Split(' ').Contains));
        captions.Average(caption => caption.Split(' ').Length).ShouldBeInRange(4.5, 6.5); // of 5 or 16 words, half
        captions.ShouldContain(caption => caption.Contains("colonoscopy polyp") || caption.Contains("Colonoscopy polyp,"));
    }

    [Fact]
    public void Make_WithFreeCaptions_ShowsThemInPlaceOfSome()
    {
        string[] captions = Captions(new FlowOptions { CaptionDropout = 0, FreeCaptions = 0.6 });

        captions.Distinct().Order(StringComparer.Ordinal).ShouldBe([Brief, Detailed, .. Free]);
        captions.Count(Free.Contains).ShouldBeInRange(100, 140); // of 200
    }

    [Theory]
    [InlineData(5, 60, 100)] // of 200
    [InlineData(1, 0, 0)]
    public void Make_WithFirstFrames_GivesThoseOfSomeClipsThatMove(int frames, int least, int most)
    {
        FlowBatch with = Batch(new FlowOptions { FirstFrames = 0.4 }, frames);
        FlowBatch without = Batch(new FlowOptions(), frames);

        with.Given.Count(given => given).ShouldBeInRange(least, most);
        without.Given.ShouldAllBe(given => !given);
    }

    private string[] Captions(FlowOptions options) => Batch(options, frames: 1).Captions;

    private FlowBatch Batch(FlowOptions options, int frames)
    {
        string latents = Path.Combine(_folder, "latents");
        File.WriteAllBytes(latents, new byte[4 * (1 + ((frames - 1) / 4))]);
        StageRecipe stage = new() { Name = "stills", Steps = 1, Batch = 200, Width = 8, Height = 8, NumFrames = frames, Mix = new Dictionary<string, double> { ["one"] = 1 } };
        RunRecipe run = new() { Kind = RunKind.Flow, Stages = [stage], Flow = options };
        IReadOnlyList<FlowItem> items = [new(latents, Brief, Detailed, Free, "clip")];
        FlowBatches batches = new(1, run, latentChannels: 1, [new ClipMix<FlowItem>([(1, items)])], []);
        return batches.Make(new TrainingPlace(stage, 0, 0, 0, "train"));
    }
}
