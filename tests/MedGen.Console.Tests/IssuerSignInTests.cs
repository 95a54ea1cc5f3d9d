using System.Net;
using MedGen.Application.Auditing;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;

namespace MedGen.Console.Tests;

/// <summary>Signing in by an issuer's own page.</summary>
public sealed class IssuerSignInTests : IAsyncLifetime
{
    private readonly AccessFolder _files = new();
    private TestIssuer _issuer = null!;
    private RunningHost _host = null!;

    public async ValueTask InitializeAsync()
    {
        _issuer = await TestIssuer.StartAsync();
        string file = _files.Access(new
        {
            issuers = new[] { new { name = "clinic", issuer = _issuer.Url, audience = TestIssuer.Audience, console = new { client_id = "console" } } },
            grants = new[] { new { caller = "clinic:ann", roles = new[] { "operator" } } },
        });
        _host = await RunningHost.StartAsync(options => options with { Console = true, AccessFile = file });
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _issuer.DisposeAsync();
        _files.Dispose();
    }

    [Fact]
    public async Task SignIn_ByTheIssuersPage_BeginsASession()
    {
        using ConsoleClient browser = new(_host);
        (await browser.ReadAsync("/sign-in?return=/jobs")).ShouldContain("/sign-in/with/clinic?return=");

        HttpResponseMessage back = await TravelAsync(browser, "/jobs");

        (await back.Content.ReadAsStringAsync(RunningHost.Token)).ShouldContain("url=/jobs\"");
        string[] cookies = [.. back.Headers.GetValues("Set-Cookie")];
        cookies.Single(cookie => cookie.StartsWith("medgen-console=", StringComparison.Ordinal)).ShouldContain("samesite=strict");
        (await browser.ReadAsync("/jobs")).ShouldContain(">clinic:ann<");
    }

    [Fact]
    public async Task SignIn_WithATokenLongerThanACookie_BeginsASession()
    {
        using ConsoleClient browser = new(_host);
        string token = _issuer.Token("ann", claims: ("groups", new string('g', 5000)));

        HttpResponseMessage back = await browser.SignInAsync(token);

        back.Headers.GetValues("Set-Cookie").ShouldAllBe(cookie => cookie.Length < 4096);
        (await browser.ReadAsync("/jobs")).ShouldContain(">clinic:ann<");
    }

    [Fact]
    public async Task SignIn_ForcedOnAnotherBrowser_IsRefused()
    {
        using ConsoleClient attacker = new(_host);
        using ConsoleClient victim = new(_host);
        string link = await GoAsync(attacker, "/");

        await ShouldBeRefusedAsync(victim, await victim.GetAsync(link), "STATE_UNKNOWN");
        await ShouldBeRefusedAsync(attacker, await attacker.GetAsync(link.Replace("state=", "state=x", StringComparison.Ordinal)), "STATE_UNKNOWN");
    }

    [Fact]
    public async Task SignIn_WithAnotherNonce_IsRefused()
    {
        _issuer.ForgedNonce = "of-another-sign-in";
        using ConsoleClient browser = new(_host);

        await ShouldBeRefusedAsync(browser, await TravelAsync(browser, "/"), "CREDENTIALS_UNKNOWN");
    }

    [Fact]
    public async Task SignIn_ThatTheVisitorGivesUp_IsRefusedAndAudited()
    {
        _issuer.Visitor = null;
        using ConsoleClient browser = new(_host);

        await ShouldBeRefusedAsync(browser, await TravelAsync(browser, "/"), "ISSUER_REFUSED");

        (await _host.Services.GetRequiredService<IAuditLog>().ReadAsync(new AuditQuery { Kind = AuditKind.Login }, RunningHost.Token))
            .ShouldContain(record => record.Entry.Outcome == "ISSUER_REFUSED");
    }

    [Fact]
    public async Task SignIn_WithACodeThatWasUsed_IsRefused()
    {
        using ConsoleClient browser = new(_host);
        string link = await GoAsync(browser, "/");
        await browser.GetAsync(link);

        (await browser.GetAsync(link)).Headers.Location!.OriginalString.ShouldBe("/sign-in?failed=STATE_UNKNOWN");
    }

    [Fact]
    public async Task SignIn_WithAnotherHostToComeBackTo_GoesHome()
    {
        using ConsoleClient browser = new(_host);

        HttpResponseMessage back = await TravelAsync(browser, "//elsewhere.example/");

        (await back.Content.ReadAsStringAsync(RunningHost.Token)).ShouldContain("url=/\"");
    }

    [Fact]
    public async Task SignIn_WithAnUnknownIssuer_IsNotThere()
    {
        using ConsoleClient browser = new(_host);

        (await browser.GetAsync("/sign-in/with/nobody")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private static async Task ShouldBeRefusedAsync(ConsoleClient browser, HttpResponseMessage answer, string reason)
    {
        answer.Headers.Location.ShouldNotBeNull().OriginalString.ShouldBe("/sign-in?failed=" + reason);
        (await browser.ReadAsync(answer.Headers.Location.OriginalString)).ShouldContain("role=\"alert\"");
        (await browser.GetAsync("/jobs")).Headers.Location!.OriginalString.ShouldStartWith("/sign-in");
    }

    private async Task<HttpResponseMessage> TravelAsync(ConsoleClient browser, string back) => await browser.GetAsync(await GoAsync(browser, back));

    // To the issuer, which sends the browser back to this address.
    private async Task<string> GoAsync(ConsoleClient browser, string back)
    {
        HttpResponseMessage toIssuer = await browser.GetAsync(QueryHelpers.AddQueryString("/sign-in/with/clinic", "return", back));
        Uri page = toIssuer.Headers.Location.ShouldNotBeNull();
        page.OriginalString.ShouldStartWith(_issuer.Url + "/authorize");
        using HttpClient issuer = new(new HttpClientHandler { AllowAutoRedirect = false });
        HttpResponseMessage toHost = await issuer.GetAsync(page, RunningHost.Token);
        return toHost.Headers.Location.ShouldNotBeNull().PathAndQuery;
    }
}
