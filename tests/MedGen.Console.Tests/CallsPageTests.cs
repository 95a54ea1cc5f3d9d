using MedGen.Host;

namespace MedGen.Console.Tests;

/// <summary>The page on which developers try calls, in a browser.</summary>
public sealed class CallsPageTests
{
    // Two megabytes of script over a document of all calls: much for a machine that is busy.
    private const float Patience = 180_000; // ms

    [Fact]
    [Long]
    public async Task Page_OfAHost_ShowsItsCallsAndAsksNoOtherAddress()
    {
        await using RunningHost host = await RunningHost.StartAsync(options => options with { Calls = new MedGenCalls { OpenApiPage = true } });
        await using Browser browser = await Browser.StartAsync(host.Endpoints.Http);

        await browser.Page.GotoAsync("/scalar/", new() { Timeout = Patience });

        await browser.Page.GetByText("GenerateVideo").First.WaitForAsync(new() { Timeout = Patience });
        (await browser.Page.TitleAsync()).ShouldBe("MedGen Platform");
        (await browser.Page.GetByText("Generate SDK").CountAsync()).ShouldBe(0, "what its maker offers would send the document away");
        browser.Requests.ShouldContain(url => url.EndsWith("/openapi/v1.json", StringComparison.Ordinal));
    }
}
