using System.Collections.Concurrent;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace MedGen.Console.Tests;

/// <summary>
/// The system's Chromium with one page on a host's console. Disposing it fails the test when the page asked for anything of another address, or the
/// browser reported an error: a script that failed, or something that the page's policy refused.
/// </summary>
internal sealed class Browser : IAsyncDisposable
{
    private static readonly string[] Places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;
    private readonly Uri _host;

    private Browser(IPlaywright playwright, IBrowser browser, IPage page, Uri host)
    {
        (_playwright, _browser, Page, _host) = (playwright, browser, page, host);
        page.Request += (_, request) => Requests.Enqueue(request.Url);
        page.Console += (_, message) => Note(message.Type, message.Text);
        page.PageError += (_, error) => Note("error", error);
    }

    public IPage Page { get; }

    public ConcurrentQueue<string> Requests { get; } = new();

    public ConcurrentQueue<string> Errors { get; } = new();

    /// <summary>Whether the connection is broken on purpose.</summary>
    public bool ExpectsErrors { get; set; }

    public static async Task<Browser> StartAsync(Uri host, int width = 1280, int height = 900, ColorScheme scheme = ColorScheme.Light)
    {
        string? chromium = Places.FirstOrDefault(File.Exists);
        Assert.SkipWhen(chromium is null, "There is no Chromium here.");
        IPlaywright playwright = await Playwright.CreateAsync();
        IBrowser browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = chromium,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage"],
        });
        IBrowserContext context = await browser.NewContextAsync(new()
        {
            BaseURL = host.ToString(),
            ColorScheme = scheme,
            ViewportSize = new() { Width = width, Height = height },
            ReducedMotion = ReducedMotion.Reduce,
        });
        context.SetDefaultTimeout(25_000);
        IPage page = await context.NewPageAsync();
        return new Browser(playwright, browser, page, host);
    }

    public async Task SignInAsync(string name)
    {
        await Page.GotoAsync("/");
        await Page.GetByLabel("API key").FillAsync(Tokens.Of(name));
        await Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Page.GetByText(name, new() { Exact = true }).WaitForAsync();
    }

    /// <summary>What is wrong with the page for those who cannot see it or use no mouse, as axe finds it: serious and critical findings.</summary>
    public async Task<IReadOnlyList<string>> FindBarriersAsync()
    {
        AxeResult result = await Page.RunAxe();
        return
        [
            .. result.Violations.Where(violation => violation.Impact is "serious" or "critical")
                .Select(violation => $"{Page.Url} {violation.Id}: {violation.Help} {string.Join(" | ", violation.Nodes.Select(node => node.Html))}"),
        ];
    }

    /// <summary>Waits until a JavaScript expression is true. Playwright's own wait polls by eval, which the console's policy forbids.</summary>
    public async Task UntilAsync(string expression)
    {
        for (int i = 0; i < 600 && !await Page.EvaluateAsync<bool>(expression); i++)
        {
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        (await Page.EvaluateAsync<bool>(expression)).ShouldBeTrue(expression);
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.CloseAsync();
        _playwright.Dispose();
        Requests.Where(url => !url.StartsWith(_host.ToString(), StringComparison.Ordinal) && !url.StartsWith("data:", StringComparison.Ordinal)
            && !url.StartsWith("blob:", StringComparison.Ordinal)).ShouldBeEmpty();
        if (!ExpectsErrors)
        {
            Errors.ShouldBeEmpty();
        }
    }

    private void Note(string type, string text)
    {
        if (type == "error")
        {
            Errors.Enqueue(text);
        }
    }
}
