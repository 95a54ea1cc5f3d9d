using Microsoft.Playwright;

namespace MedGen.Console.Tests;

/// <summary>Every page, as axe judges it: by day, by night, and at the width of a phone, where nothing may stick out.</summary>
[Long]
public sealed class AccessibilityTests : IDisposable
{
    private static readonly string[] Addresses =
        ["/generate", "/analyze", "/augment", "/jobs", "/models", "/plugins", "/audit", "/dicom", "/system", "/compare", "/sign-out"];

    private readonly AccessFolder _files = new();

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData(1280, ColorScheme.Light)]
    [InlineData(1280, ColorScheme.Dark)]
    [InlineData(390, ColorScheme.Light)]
    public async Task Pages_HaveNoSeriousBarriers(int width, ColorScheme scheme)
    {
        string file = _files.Keys(Tokens.Key("ann", ["operator", "administrator", "auditor"]));
        await using RunningHost host = await RunningHost.StartAsync(options => options with { Console = true, TokenFile = file });
        await using Browser browser = await Browser.StartAsync(host.Endpoints.Http, width, scheme: scheme);
        List<string> wrong = [];
        await browser.Page.GotoAsync("/sign-in");
        wrong.AddRange(await browser.FindBarriersAsync());
        await browser.SignInAsync("ann");
        foreach (string address in Addresses)
        {
            await browser.Page.GotoAsync(address);
            await Assertions.Expect(browser.Page.Locator(".loading")).ToHaveCountAsync(0);
            wrong.AddRange(await browser.FindBarriersAsync());
            wrong.AddRange(await FindOverflowAsync(browser.Page));
        }

        await browser.Page.GotoAsync("/generate");
        await browser.Page.GetByLabel("Prompt").FillAsync("a heart beats");
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Generate" }).ClickAsync();
        await browser.Page.Locator("[data-artifact]").WaitForAsync();
        wrong.AddRange(await browser.FindBarriersAsync());
        wrong.AddRange(await FindOverflowAsync(browser.Page));
        await browser.Page.GotoAsync("/jobs/" + await browser.Page.Locator("[data-job]").GetAttributeAsync("data-job"));
        await browser.Page.Locator("[data-artifact]").WaitForAsync();
        wrong.AddRange(await browser.FindBarriersAsync());

        wrong.ShouldBeEmpty();
    }

    [Fact]
    public async Task Generate_ByKeyboardAlone_Works()
    {
        string file = _files.Keys(Tokens.Key("ann", ["operator"]));
        await using RunningHost host = await RunningHost.StartAsync(options => options with { Console = true, TokenFile = file });
        await using Browser browser = await Browser.StartAsync(host.Endpoints.Http);
        await browser.Page.GotoAsync("/");
        await browser.Page.GetByLabel("API key").FocusAsync();
        await browser.Page.Keyboard.TypeAsync(Tokens.Of("ann"));
        await browser.Page.Keyboard.PressAsync("Enter");
        await browser.Page.GetByLabel("Prompt").FocusAsync();
        await browser.Page.Keyboard.TypeAsync("a heart beats");
        await TabToAsync(browser.Page, "Generate");
        await browser.Page.Keyboard.PressAsync("Enter");
        await browser.Page.Locator("[data-artifact]").WaitForAsync();

        await TabToAsync(browser.Page, "frame ▶");
        await browser.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(browser.Page.Locator("[data-play=place]")).ToContainTextAsync("frame 2,");
    }

    private static async Task TabToAsync(IPage page, string text)
    {
        for (int i = 0; i < 60; i++)
        {
            await page.Keyboard.PressAsync("Tab");
            if (await page.EvaluateAsync<string>("document.activeElement.innerText?.trim() ?? ''") == text)
            {
                return;
            }
        }

        Assert.Fail($"The keyboard does not reach '{text}'.");
    }

    private static async Task<IReadOnlyList<string>> FindOverflowAsync(IPage page) =>
        await page.EvaluateAsync<bool>("document.documentElement.scrollWidth > document.documentElement.clientWidth") ? [$"{page.Url} is wider than the window"] : [];
}
