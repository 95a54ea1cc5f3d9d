using System.Diagnostics;
using MedGen.Dicom.Web;
using MedGen.Host;
using MedGen.Host.Tests.Dicom;
using MedGen.Tests;
using Microsoft.Playwright;

namespace MedGen.Console.Tests;

/// <summary>
/// The pictures of docs/console.md: <c>MEDGEN_SCREENSHOTS=docs/images ./medgen test --long --filter-class "*ScreenshotTests"</c>. The built plugins and
/// medgen-mini, nothing stood in for.
/// </summary>
[Long]
public sealed class ScreenshotTests : IDisposable
{
    private static readonly string? Folder = Environment.GetEnvironmentVariable("MEDGEN_SCREENSHOTS");

    private readonly AccessFolder _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task Pictures_OfTheManual()
    {
        Assert.SkipWhen(Folder is null, "MEDGEN_SCREENSHOTS names no folder.");

        // Nobody listens at the archive: results are on their way.
        string rules = _files.Write(
            "rules.json",
            """
            { "quiet_time_seconds": 2, "archives": [{"name": "pacs", "address": "http://127.0.0.1:1/dicom-web"}],
              "rules": [{"name": "ultrasound", "modalities": ["US"], "task": "imaging-modality", "results": ["report", "capture"], "send_to": ["pacs"]}] }
            """);
        await using RunningHost host = await RunningHost.StartRealAsync(change: options => options with
        {
            Console = true,
            DicomWeb = true,
            DicomRulesFile = rules,
            PluginFolders = [RepositoryRoot.Path("artifacts", "plugins")],
            ModelFolder = RepositoryRoot.Path("models", "medgen-mini"),
        });
        await using Browser day = await Browser.StartAsync(host.Endpoints.Http, 1100, 760);
        await GenerateAsync(day.Page);
        await TakeAsync(day.Page, "generate");
        await AnalyzeAsync(day.Page);
        await TakeAsync(day.Page, "analyze");

        await StudyAsync(host, day.Page);
        await TakeAsync(day.Page, "dicom");

        await using Browser night = await Browser.StartAsync(host.Endpoints.Http, 1100, 620, ColorScheme.Dark);
        await night.Page.GotoAsync("/plugins");
        await TakeAsync(night.Page, "plugins");
        await night.Page.GotoAsync("/jobs");
        await TakeAsync(night.Page, "jobs");

        await using Browser phone = await Browser.StartAsync(host.Endpoints.Http, 390, 760);
        await phone.Page.GotoAsync("/system");
        await TakeAsync(phone.Page, "system-phone");
    }

    private static async Task GenerateAsync(IPage page)
    {
        await page.GotoAsync("/generate");
        await page.GetByLabel("Prompt").FillAsync("Cardiac ultrasound, four-chamber view of a beating heart.");
        await page.GetByLabel("Seed").FillAsync("7");
        await page.GetByRole(AriaRole.Button, new() { Name = "Generate" }).ClickAsync();
        await page.Locator("[data-artifact] video").WaitForAsync(new() { Timeout = 400_000 });
        await page.WaitForFunctionAsync("document.querySelector('video').readyState >= 2");
        await page.GetByRole(AriaRole.Button, new() { Name = "One frame forward" }).ClickAsync();
        await Assertions.Expect(page.Locator("[data-play=place]")).ToContainTextAsync("frame 2,");
    }

    private static async Task AnalyzeAsync(IPage page)
    {
        await page.GotoAsync("/analyze");
        await page.GetByLabel("Look for").SelectOptionAsync(new SelectOptionValue { Value = "medgen.imaging-modality/imaging-modality" });
        await page.Locator("input[type=file]").SetInputFilesAsync(RepositoryRoot.Path("samples", "clips", "lung_ultrasound.mp4"));
        await page.GetByText("is uploaded").WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Analyze" }).ClickAsync();
        await page.Locator("[data-state=Succeeded]").WaitForAsync(new() { Timeout = 400_000 });
        await page.WaitForFunctionAsync("document.querySelector('video').readyState >= 2");
    }

    private static async Task StudyAsync(RunningHost host, IPage page)
    {
        using DicomWebClient modality = DicomClips.Client(host);
        await modality.StoreAsync(Fixtures.Path("dicom", "tee_colour.dcm"), RunningHost.Token);
        ILocator waiting = page.GetByText("Waiting: ARCHIVE_UNAVAILABLE");
        while (await waiting.CountAsync() < 2)
        {
            await Task.Delay(500, RunningHost.Token);
            await page.GotoAsync("/dicom");
        }
    }

    private static async Task TakeAsync(IPage page, string name)
    {
        string file = Path.Combine(Path.GetFullPath(Folder!, RepositoryRoot.Path()), $"console-{name}.png");
        await page.ScreenshotAsync(new() { Path = file });
        using Process smaller = Process.Start("pngquant", ["--force", "--ext", ".png", "--strip", "64", file]);
        await smaller.WaitForExitAsync(RunningHost.Token);
        smaller.ExitCode.ShouldBe(0);
    }
}
