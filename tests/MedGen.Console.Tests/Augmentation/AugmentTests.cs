using System.Security.Cryptography;
using MedGen.Application.Artifacts;
using MedGen.Datasets.Reading;
using MedGen.Datasets.Writing;
using MedGen.Host;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace MedGen.Console.Tests.Augmentation;

/// <summary>In a real browser: from a tar file on the visitor's disk to the larger one, with the clips looked at on the way.</summary>
[Long]
public sealed class AugmentTests : IDisposable
{
    // The first clip is kept; most after it are as like it as half a correlation, and are refused.
    private const string Spec = """
        { "clip": { "width": 64, "height": 64, "num_frames": 5 }, "balance": { "add_per_class": 2 }, "max_attempts": 2,
          "methods": [{ "type": "classic" }],
          "filters": { "quality": { "enabled": false }, "outliers": { "enabled": false }, "duplicates": { "correlation": 0.5 } } }
        """;

    private readonly AccessFolder _files = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-augment-page-").FullName;

    public void Dispose()
    {
        _files.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Augment_TheLungSample_EndsInADownloadedArchiveWhoseClipsWereLookedAt()
    {
        string tar = Path.Combine(_folder, "lung.tar");
        await DatasetTar.PackAsync(RepositoryRoot.Path("samples", "datasets", "lung"), tar, RunningHost.Token);
        string keys = _files.Keys(Tokens.Key("ann", ["operator"]));
        await using RunningHost host = await RunningHost.StartRealAsync(
            plugin: "medgen.augmentation", change: options => options with { Console = true, TokenFile = keys });
        await using Browser browser = await Browser.StartAsync(host.Endpoints.Http);
        IPage page = browser.Page;
        await browser.SignInAsync("ann");
        await page.GetByRole(AriaRole.Link, new() { Name = "Augment" }).ClickAsync();

        // The data set is told as soon as it is there.
        await page.Locator("input[type=file]").SetInputFilesAsync(tar);
        await page.GetByText("is uploaded").WaitForAsync();
        await Assertions.Expect(page.Locator("[data-outline] caption")).ToContainTextAsync("9 clips of 9 patients");
        await Assertions.Expect(page.Locator("[data-outline] tbody tr").First).ToContainTextAsync("healthy");

        // What is wrong is named by its field, as the host names it, and nothing starts.
        await page.GetByLabel("Specification").FillAsync("""{ "methods": [{ "type": "classic", "options": { "magnitude": 3 } }] }""");
        await page.GetByRole(AriaRole.Button, new() { Name = "Check" }).ClickAsync();
        await page.Locator("[data-field='methods[0].options.magnitude']").WaitForAsync();
        await page.Locator("summary", new() { HasText = "Methods" }).ClickAsync();
        await Assertions.Expect(page.Locator("dt", new() { HasText = "classic" })).ToBeVisibleAsync();
        (await browser.FindBarriersAsync()).ShouldBeEmpty();

        await page.GetByLabel("Specification").FillAsync(Spec);
        await page.GetByRole(AriaRole.Button, new() { Name = "Augment" }).ClickAsync();
        await page.Locator("[data-state=Succeeded]").WaitForAsync(new() { Timeout = 120_000 });
        await page.Locator("[data-clip]").First.WaitForAsync();

        // Each kept clip plays beside a real one; refused ones have a reason.
        await page.GetByLabel("Show").SelectOptionAsync("true");
        ILocator kept = page.Locator("[data-clip^='train/synthetic']").First;
        await kept.WaitForAsync();
        (await page.Locator("[data-clip^=refused]").CountAsync()).ShouldBe(0);
        await browser.UntilAsync("[...document.querySelectorAll('[data-clip] video')].length >= 2 && [...document.querySelectorAll('[data-clip] video')].every(video => video.readyState > 0)");
        await page.GetByLabel("Show").SelectOptionAsync("false");
        await Assertions.Expect(page.Locator("[data-clip^=refused] .note").First).ToContainTextAsync("duplicate: correlation");
        (await browser.FindBarriersAsync()).ShouldBeEmpty();

        // A reload comes back to the job and to what was asked.
        await page.ReloadAsync();
        (await page.GetByLabel("Specification").InputValueAsync()).ShouldBe(Spec);
        ILocator result = page.Locator("[data-artifact]");
        await result.WaitForAsync();
        IDownload download = await page.RunAndWaitForDownloadAsync(() => result.GetByRole(AriaRole.Link, new() { NameRegex = new("Download") }).ClickAsync());
        Artifact stored = (await host.Services.GetRequiredService<IArtifactStore>().FindAsync((await result.GetAttributeAsync("data-artifact"))!, RunningHost.Token))!;
        Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(await download.PathAsync(), RunningHost.Token))).ShouldBe(stored.Sha256);
        string back = await DatasetSource.OpenAsync(await download.PathAsync(), Path.Combine(_folder, "back"), RunningHost.Token);
        DatasetFolder.Read(back).Count.ShouldBeGreaterThan(9);
        IDownload card = await page.RunAndWaitForDownloadAsync(() => page.GetByText("Download the card").ClickAsync());
        (await File.ReadAllTextAsync(await card.PathAsync(), RunningHost.Token)).ShouldContain("classic");
    }
}
