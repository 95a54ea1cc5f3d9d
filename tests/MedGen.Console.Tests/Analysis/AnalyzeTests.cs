using System.Runtime.CompilerServices;
using System.Text.Json;
using MedGen.Application.Plugins;
using MedGen.Application.Tests;
using MedGen.Host;
using MedGen.Sdk.Analysis;
using MedGen.Sdk.Plugins;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace MedGen.Console.Tests.Analysis;

/// <summary>In a real browser: a clip is dropped, and what was found stands beside it, along it and over it.</summary>
[Long]
public sealed class AnalyzeTests
{
    private static readonly AnalyzerDescription Finder = new()
    {
        Task = "brightness",
        Summary = "Finds things.",
        Outputs =
        [
            new AnalyzerOutput { Name = "part", Description = "Which part.", Kind = OutputKind.Labels, Labels = OutputLabel.Of("first", "second"), Exclusive = true },
            new AnalyzerOutput { Name = "tool", Description = "Tools.", Kind = OutputKind.Boxes, Labels = OutputLabel.Of("grasper") },
            new AnalyzerOutput { Name = "area", Description = "Areas.", Kind = OutputKind.Masks, Labels = OutputLabel.Of("organ") },
            new AnalyzerOutput { Name = "length", Description = "A length.", Kind = OutputKind.Measurement, Unit = "mm" },
        ],
    };

    [Fact]
    public async Task Analyze_ADroppedClip_ShowsWhatWasFoundAndDrawsIt()
    {
        await using RunningHost host = await StartAsync();
        FakeCatalog catalog = (FakeCatalog)host.Services.GetRequiredService<IPluginCatalog>();
        catalog.Capabilities = [new PluginCapability { Kind = CapabilityKinds.Analysis, Task = "brightness" }];
        catalog.Analyzer = new FakeAnalyzer { Description = Finder, Says = Find };
        await using Browser browser = await Browser.StartAsync(host.Endpoints.Http);
        await browser.Page.GotoAsync("/analyze");
        await browser.Page.Locator("input[type=file]").SetInputFilesAsync(RepositoryRoot.Path("samples", "clips", "laparoscopy.mp4"));
        await browser.Page.GetByText("is uploaded").WaitForAsync();

        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Analyze" }).ClickAsync();
        await browser.Page.Locator("[data-state=Succeeded]").WaitForAsync();

        await Assertions.Expect(browser.Page.Locator("[data-answer=part]")).ToContainTextAsync("second");
        await Assertions.Expect(browser.Page.GetByText("length: 12.5 mm")).ToBeVisibleAsync();
        (await browser.Page.Locator("svg[data-play-timeline] rect").CountAsync()).ShouldBe(2);
        (await browser.Page.Locator("svg[data-play-timeline] rect.doubtful").CountAsync()).ShouldBe(1);

        // By the table to the second part, whose frame has a box; by the slider back.
        await browser.Page.Locator("summary", new() { HasText = "Parts of the clip" }).ClickAsync();
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "0.50 s" }).ClickAsync();
        await Assertions.Expect(browser.Page.Locator("[data-play=place]")).ToContainTextAsync("0.50 s of");
        await browser.UntilAsync(DrawnPixels + " > 100");
        await browser.Page.Locator("#scrub").FillAsync("0");
        await Assertions.Expect(browser.Page.Locator("[data-play=place]")).ToContainTextAsync("frame 1,");
        await browser.UntilAsync(DrawnPixels + " === 0");
        (await browser.FindBarriersAsync()).ShouldBeEmpty();

        IDownload download = await browser.Page.RunAndWaitForDownloadAsync(() => browser.Page.GetByText("Download the findings").ClickAsync());
        using JsonDocument file = JsonDocument.Parse(await File.ReadAllTextAsync(await download.PathAsync(), RunningHost.Token));
        file.RootElement.GetProperty("findings").EnumerateArray().Select(one => one.GetProperty("kind").GetString())
            .ShouldBe(["labels", "labels", "box", "mask", "measurement", "labels"], ignoreOrder: true);

        await browser.Page.ReloadAsync();
        await Assertions.Expect(browser.Page.Locator("[data-answer=part]")).ToContainTextAsync("second");
    }

    [Fact]
    public async Task Findings_OfAJobThatOneMayNotSee_AreNotGivenOut()
    {
        using AccessFolder files = new();
        string keys = files.Keys(Tokens.Key("ann", ["operator"]), Tokens.Key("eve", ["operator"], "elsewhere"), Tokens.Key("ada", ["auditor"]));
        await using RunningHost host = await StartAsync(keys);
        FakeCatalog catalog = (FakeCatalog)host.Services.GetRequiredService<IPluginCatalog>();
        catalog.Capabilities = [new PluginCapability { Kind = CapabilityKinds.Analysis, Task = "brightness" }];
        await using Browser browser = await Browser.StartAsync(host.Endpoints.Http);
        await browser.SignInAsync("ann");
        await browser.Page.GotoAsync("/analyze");
        await browser.Page.Locator("input[type=file]").SetInputFilesAsync(RepositoryRoot.Path("samples", "clips", "laparoscopy.mp4"));
        await browser.Page.GetByText("is uploaded").WaitForAsync();
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Analyze" }).ClickAsync();
        await browser.Page.Locator("[data-state=Succeeded]").WaitForAsync();
        string address = "/console/findings/" + await browser.Page.Locator("[data-job]").GetAttributeAsync("data-job");

        foreach ((string name, int expected) in new[] { ("ann", 200), ("eve", 404), ("ada", 403) })
        {
            using ConsoleClient client = new(host);
            await client.SignInAsync(Tokens.Of(name));
            ((int)(await client.GetAsync(address)).StatusCode).ShouldBe(expected, name);
        }
    }

    private const string DrawnPixels = """
        (() => {
          const canvas = document.querySelector('canvas');
          return canvas.width === 0 ? -1 : canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.filter((value, i) => i % 4 === 3 && value > 0).length;
        })()
        """;

    private static async IAsyncEnumerable<AnalysisUpdate> Find(AnalysisRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        int pixels = request.Clip.Info.Width * request.Clip.Info.Height;
        FindingScope later = FindingScope.Frame(12, TimeSpan.FromSeconds(0.5));
        yield return new FinalFindings
        {
            Findings =
            [
                Part("first", 0, 0.5, 0.9),
                Part("second", 0.5, 1, 0.4),
                new BoxFinding { Output = "tool", Scope = later, Label = "grasper", Score = 0.8, X = 10, Y = 20, Width = 60, Height = 40, Track = 3 },
                new MaskFinding { Output = "area", Scope = later, Label = "organ", Score = 0.8, Runs = [100, 200, pixels - 300] },
                new MeasurementFinding { Output = "length", Value = 12.5 },
                new LabelFinding { Output = "part", Labels = ["second"], Probabilities = [0.3, 0.7] },
            ],
        };
        yield return new AnalysisCompleted { FramesAnalyzed = 25 };
    }

    private static LabelFinding Part(string label, double from, double to, double probability) => new()
    {
        Output = "part",
        Scope = FindingScope.Span(TimeSpan.FromSeconds(from), TimeSpan.FromSeconds(to)),
        Labels = [label],
        Probabilities = label == "first" ? [probability, 1 - probability] : [1 - probability, probability],
    };

    private static Task<RunningHost> StartAsync(string? keys = null) => RunningHost.StartAsync(options => options with { Console = true, TokenFile = keys });
}
