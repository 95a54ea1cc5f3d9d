using System.Security.Cryptography;
using MedGen.Application.Artifacts;
using MedGen.Application.Jobs;
using MedGen.Host;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace MedGen.Console.Tests;

/// <summary>In a real browser: from the sign-in to a clip on the visitor's disk, with whatever happens on the way.</summary>
[Long]
public sealed class GenerateTests : IDisposable
{
    private readonly AccessFolder _files = new();
    private MedGenEndpoints? _places;

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task Generate_WithAReloadInTheMiddle_EndsInADownloadedClip()
    {
        await using RunningHost host = await StartAsync();
        host.Generator.Gate = NewGate();
        await using Browser browser = await Browser.StartAsync(host.Endpoints.Http);
        await browser.SignInAsync("ann");
        await FillAndAskAsync(browser.Page);
        await browser.Page.Locator("[data-state=Running]").WaitForAsync();

        await browser.Page.ReloadAsync();
        await browser.Page.Locator("[data-state=Running]").WaitForAsync();
        (await browser.Page.GetByLabel("Prompt").InputValueAsync()).ShouldBe("a heart beats");
        host.Generator.Gate.SetResult();

        ILocator result = browser.Page.Locator("[data-artifact]");
        await result.WaitForAsync();
        IDownload download = await browser.Page.RunAndWaitForDownloadAsync(() => result.GetByRole(AriaRole.Link, new() { NameRegex = new("Download") }).ClickAsync());
        Artifact stored = await FindAsync(host, await result.GetAttributeAsync("data-artifact"));
        Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(await download.PathAsync(), RunningHost.Token))).ShouldBe(stored.Sha256);
        stored.Owner.ShouldBe("ann");
        stored.Provenance!.Seed.ShouldBe(7);
        host.Generator.Requests.Count.ShouldBe(1);

        // Frame by frame.
        ILocator place = browser.Page.Locator("[data-play=place]");
        await Assertions.Expect(place).ToContainTextAsync("frame 1,");
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "One frame forward" }).ClickAsync();
        await Assertions.Expect(place).ToContainTextAsync("frame 2,");
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "One frame forward" }).ClickAsync();
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "One frame back" }).ClickAsync();
        await Assertions.Expect(place).ToContainTextAsync("frame 2,");

        // Again with another seed, and both side by side.
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Again with another seed" }).ClickAsync();
        await browser.Page.GetByRole(AriaRole.Link, new() { Name = "Compare the last two" }).ClickAsync();
        await browser.Page.Locator("video").Nth(1).WaitForAsync();
        host.Generator.Requests.Select(request => request.Prompt).Distinct().ShouldHaveSingleItem();
        host.Generator.Requests.Select(request => request.Seed).Distinct().Count().ShouldBe(2);
        await Assertions.Expect(browser.Page.Locator("[data-play=place]")).ToContainTextAsync("frame 1,");
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "One frame forward" }).ClickAsync();
        await Assertions.Expect(browser.Page.Locator("[data-play=place]")).ToContainTextAsync("frame 2,");
        double[] times = await browser.Page.EvaluateAsync<double[]>("[...document.querySelectorAll('video')].map(video => video.currentTime)");
        times[0].ShouldBe(times[1]);
    }

    [Fact]
    public async Task Generate_WithTheHostRestartedInTheMiddle_GoesOnByItself()
    {
        await using RunningHost host = await StartAsync();
        host.Generator.Gate = NewGate();
        await using Browser browser = await Browser.StartAsync(host.Endpoints.Http);
        browser.ExpectsErrors = true;
        await browser.SignInAsync("ann");
        await FillAndAskAsync(browser.Page);
        await browser.Page.Locator("[data-state=Running]").WaitForAsync();
        _places = host.Endpoints;

        await host.StopHostAsync();
        await browser.Page.Locator("dialog[open]").WaitForAsync();
        await host.StartHostAsync();

        await browser.Page.Locator("[data-state=Running]").WaitForAsync();
        host.Generator.Gate.SetResult();
        await browser.Page.Locator("[data-artifact]").WaitForAsync();
        host.Generator.Requests.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Generate_CancelledOrRefused_SaysSo()
    {
        await using RunningHost host = await StartAsync();
        host.Generator.Gate = NewGate();
        await using Browser browser = await Browser.StartAsync(host.Endpoints.Http);
        await browser.SignInAsync("ann");
        await FillAndAskAsync(browser.Page);
        await browser.Page.Locator("[data-state=Running]").WaitForAsync();

        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await browser.Page.Locator("[data-state=Cancelled]").WaitForAsync();

        await browser.Page.GetByText("More", new() { Exact = true }).ClickAsync();

        // One that has gone since the page was loaded.
        await browser.Page.EvaluateAsync("document.getElementById('adapter').add(new Option('not-there'))");
        await browser.Page.Locator("#adapter").SelectOptionAsync("not-there");
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Generate" }).ClickAsync();
        await Assertions.Expect(browser.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("not-there");
    }

    [Fact]
    public async Task Generate_FromADroppedFirstFrame_UploadsIt()
    {
        await using RunningHost host = await StartAsync();
        await using Browser browser = await Browser.StartAsync(host.Endpoints.Http);
        await browser.SignInAsync("ann");
        await browser.Page.GetByText("A first frame").ClickAsync();
        await browser.Page.GetByLabel("First frame drop").SetInputFilesAsync(RepositoryRoot.Path("docs", "images", "demo-report.png"));
        await browser.Page.GetByText("is uploaded").WaitForAsync();

        await FillAndAskAsync(browser.Page);

        await browser.Page.Locator("[data-artifact]").WaitForAsync();
        host.Generator.Requests.Single().FirstFrame.ShouldNotBeNull();
    }

    [Fact]
    public async Task Page_OfAKeyThatIsTakenBack_GoesToTheSignIn()
    {
        await using RunningHost host = await StartAsync();
        host.Generator.Gate = NewGate();
        await using Browser browser = await Browser.StartAsync(host.Endpoints.Http);
        browser.ExpectsErrors = true;
        await browser.SignInAsync("ann");
        await FillAndAskAsync(browser.Page);
        await browser.Page.Locator("[data-state=Running]").WaitForAsync();

        _files.Keys(Tokens.Key("vera", ["viewer"]));

        await browser.Page.GetByLabel("API key").WaitForAsync(new() { Timeout = 60_000 });
    }

    [Fact]
    public async Task Viewer_WatchesAndMayNotAsk()
    {
        await using RunningHost host = await StartAsync();
        host.Generator.Gate = NewGate();
        await using Browser owner = await Browser.StartAsync(host.Endpoints.Http);
        await owner.SignInAsync("ann");
        await FillAndAskAsync(owner.Page);
        await owner.Page.Locator("[data-state=Running]").WaitForAsync();
        string job = (await owner.Page.Locator("[data-job]").GetAttributeAsync("data-job"))!;
        await using Browser viewer = await Browser.StartAsync(host.Endpoints.Http);
        await viewer.SignInAsync("vera");

        (await viewer.Page.GetByRole(AriaRole.Link, new() { Name = "Generate" }).CountAsync()).ShouldBe(0);
        await viewer.Page.GotoAsync("/jobs/" + job);
        await viewer.Page.Locator("[data-state=Running]").WaitForAsync();
        (await viewer.Page.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).CountAsync()).ShouldBe(0);
        await viewer.Page.GotoAsync("/generate");
        await viewer.Page.GetByLabel("Prompt").FillAsync("a heart beats");
        await viewer.Page.GetByRole(AriaRole.Button, new() { Name = "Generate" }).ClickAsync();

        await Assertions.Expect(viewer.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("GenerateVideo is for the roles");
        host.Generator.Requests.Count.ShouldBe(1);
    }

    private static TaskCompletionSource NewGate() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static async Task FillAndAskAsync(IPage page)
    {
        await page.GetByLabel("Prompt").FillAsync("a heart beats");
        await page.GetByLabel("Seed").FillAsync("7");
        await page.GetByRole(AriaRole.Button, new() { Name = "Generate" }).ClickAsync();
    }

    private static async Task<Artifact> FindAsync(RunningHost host, string? id) =>
        (await host.Services.GetRequiredService<IArtifactStore>().FindAsync(id!, RunningHost.Token)).ShouldNotBeNull();

    private Task<RunningHost> StartAsync()
    {
        string file = _files.Keys(Tokens.Key("ann", ["operator"]), Tokens.Key("vera", ["viewer"]));
        return RunningHost.StartAsync(options => options with
        {
            Console = true,
            TokenFile = file,
            GrpcPort = _places?.Grpc.Port ?? 0,
            HttpPort = _places?.Http.Port ?? 0,
        });
    }
}
