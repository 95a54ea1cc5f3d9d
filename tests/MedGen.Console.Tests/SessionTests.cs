using System.Net;
using MedGen.Application.Auditing;
using MedGen.Host;
using MedGen.WebConsole;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace MedGen.Console.Tests;

/// <summary>Who gets in, with what, and for how long.</summary>
public sealed class SessionTests : IDisposable
{
    private readonly AccessFolder _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task Host_ThatSaysNothing_HasNoConsole()
    {
        await using RunningHost host = await RunningHost.StartAsync();
        using ConsoleClient browser = new(host);

        foreach (string address in new[] { "/", "/generate", "/sign-in", "/console/assets/console.css" })
        {
            (await browser.GetAsync(address)).StatusCode.ShouldBe(HttpStatusCode.NotFound, address);
        }
    }

    [Fact]
    public async Task Host_WithoutCredentials_ShowsPagesAtOnce()
    {
        await using RunningHost host = await StartAsync(keys: null);
        using ConsoleClient browser = new(host);

        (await browser.ReadAsync("/system")).ShouldContain("<dt>Device</dt><dd>cpu</dd>");
        (await browser.ReadAsync("/jobs")).ShouldContain("No jobs");
        (await browser.GetAsync("/")).Headers.Location!.OriginalString.ShouldEndWith("/generate");
    }

    [Theory]
    [InlineData("/jobs?state=Failed")]
    [InlineData("/system")]
    [InlineData("/generate")]
    public async Task Page_WithoutASession_SendsToTheSignInAndBack(string address)
    {
        await using RunningHost host = await StartAsync(Tokens.Key("ann", ["operator"]));
        using ConsoleClient browser = new(host);

        HttpResponseMessage refused = await browser.GetAsync(address);

        refused.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        string signIn = refused.Headers.Location!.OriginalString;
        signIn.ShouldStartWith("/sign-in?return=");
        HttpResponseMessage back = await browser.SignInAsync(Tokens.Of("ann"), signIn);
        new Uri(host.Endpoints.Http, back.Headers.Location!).PathAndQuery.ShouldBe(address);
        (await browser.ReadAsync(address)).ShouldContain(">ann<");
    }

    [Theory]
    [InlineData("https://elsewhere.example/")]
    [InlineData("//elsewhere.example/")]
    [InlineData("/\\elsewhere.example/")]
    public async Task SignIn_WithAnotherHostToComeBackTo_GoesHome(string address)
    {
        await using RunningHost host = await StartAsync(Tokens.Key("ann", ["operator"]));
        using ConsoleClient browser = new(host);

        HttpResponseMessage back = await browser.SignInAsync(Tokens.Of("ann"), "/sign-in?return=" + Uri.EscapeDataString(address));

        new Uri(host.Endpoints.Http, back.Headers.Location!).ShouldBe(host.Endpoints.Http);
    }

    [Fact]
    public async Task SignIn_WithAGoodKey_GivesAStrictCookieThatTheRestOfTheHostDoesNotTake()
    {
        await using RunningHost host = await StartAsync(Tokens.Key("ann", ["operator"]));
        using ConsoleClient browser = new(host);

        string cookie = (await browser.SignInAsync(Tokens.Of("ann"))).Headers.GetValues("Set-Cookie").Single(one => one.StartsWith("medgen-console=", StringComparison.Ordinal));

        cookie.ShouldContain("samesite=strict");
        cookie.ShouldContain("httponly");
        cookie.ShouldNotContain(Tokens.Of("ann"));
        (await browser.ReadAsync("/jobs")).ShouldContain("No jobs");
        (await browser.GetAsync("/v1/jobs")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await browser.GetAsync("/v1/artifacts/x/content")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await browser.GetAsync("/console/files/" + new string('0', 32))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task SignIn_WithABadKey_SaysSoAndIsAudited()
    {
        await using RunningHost host = await StartAsync(Tokens.Key("ann", ["operator"]));
        using ConsoleClient browser = new(host);

        HttpResponseMessage refused = await browser.SignInAsync("wrong");

        (await refused.Content.ReadAsStringAsync(RunningHost.Token)).ShouldContain("role=\"alert\"");
        refused.Headers.TryGetValues("Set-Cookie", out IEnumerable<string>? cookies);
        (cookies ?? []).ShouldNotContain(cookie => cookie.StartsWith("medgen-console=", StringComparison.Ordinal));
        (await host.Services.GetRequiredService<IAuditLog>().ReadAsync(new AuditQuery { Kind = AuditKind.Login }, RunningHost.Token))
            .ShouldContain(record => record.Entry.Outcome == "CREDENTIALS_UNKNOWN");
    }

    [Fact]
    public async Task Form_WithoutItsToken_IsRefused()
    {
        await using RunningHost host = await StartAsync(Tokens.Key("ann", ["operator"]));
        using ConsoleClient browser = new(host);

        HttpResponseMessage refused = await browser.SubmitAsync("/sign-in", "sign-in", forged: true, ("Key", Tokens.Of("ann")));

        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Session_OfAKeyThatIsTakenBack_IsOver()
    {
        await using RunningHost host = await StartAsync(Tokens.Key("ann", ["operator"]), Tokens.Key("bob", ["operator"]));
        using ConsoleClient browser = new(host);
        await browser.SignInAsync(Tokens.Of("ann"));
        await browser.ReadAsync("/jobs");

        _files.Keys(Tokens.Key("bob", ["operator"]));

        (await browser.GetAsync("/jobs")).Headers.Location!.OriginalString.ShouldStartWith("/sign-in");
    }

    [Fact]
    public async Task Session_AfterARestartOfTheHost_GoesOn()
    {
        await using RunningHost host = await StartAsync(Tokens.Key("ann", ["operator"]));
        using ConsoleClient before = new(host);
        await before.SignInAsync(Tokens.Of("ann"));
        await host.StopHostAsync();
        await host.StartHostAsync();

        using ConsoleClient after = new(host);
        after.Cookies.Add(host.Endpoints.Http, before.Cookies.GetAllCookies());

        (await after.ReadAsync("/jobs")).ShouldContain("No jobs");
    }

    [Fact]
    public async Task SignOut_TakesTheCookieBack()
    {
        await using RunningHost host = await StartAsync(Tokens.Key("ann", ["operator"]));
        using ConsoleClient browser = new(host);
        await browser.SignInAsync(Tokens.Of("ann"));

        await browser.SubmitAsync("/sign-out", "sign-out");

        (await browser.GetAsync("/jobs")).Headers.Location!.OriginalString.ShouldStartWith("/sign-in");
    }

    [Fact]
    public async Task Viewer_SeesWhatItMayAndNothingElse()
    {
        await using RunningHost host = await StartAsync(Tokens.Key("vera", ["viewer"]), Tokens.Key("ada", ["auditor"]));
        using ConsoleClient viewer = new(host);
        await viewer.SignInAsync(Tokens.Of("vera"));
        using ConsoleClient auditor = new(host);
        await auditor.SignInAsync(Tokens.Of("ada"));

        string jobs = await viewer.ReadAsync("/jobs");

        jobs.ShouldContain("No jobs yet");
        jobs.ShouldNotContain("Generate");
        jobs.ShouldNotContain("Audit");
        (await auditor.ReadAsync("/jobs")).ShouldContain("ListJobs is for the roles");
        (await auditor.GetAsync("/")).Headers.Location!.OriginalString.ShouldEndWith("/audit");
    }

    [Fact]
    public async Task Endpoints_OfTheConsole_AreKnownAndAskWhoCalls()
    {
        await using RunningHost host = await StartAsync(Tokens.Key("ann", ["operator"]));
        using ConsoleClient browser = new(host);
        RouteEndpoint[] endpoints =
        [
            .. host.Services.GetRequiredService<IEnumerable<EndpointDataSource>>().SelectMany(source => source.Endpoints).Cast<RouteEndpoint>()
                .Where(endpoint => endpoint.Metadata.GetMetadata<ConsoleEndpoint>() is not null || endpoint.RoutePattern.RawText!.Contains("console", StringComparison.Ordinal)),
        ];

        // Circuits among them.
        endpoints.ShouldContain(endpoint => endpoint.RoutePattern.RawText!.Contains("_blazor", StringComparison.Ordinal));
        endpoints.Where(endpoint => endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null).Select(endpoint => endpoint.RoutePattern.RawText!.Trim('/')).Distinct()
            .ShouldBe(["sign-in", "sign-out", "console/assets/{name}"], ignoreOrder: true);
        (await browser.PostAsync("/_blazor/negotiate?negotiateVersion=1")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Pages_SayThatNothingComesFromElsewhere()
    {
        await using RunningHost host = await StartAsync(keys: null);
        using ConsoleClient browser = new(host);

        using HttpResponseMessage page = await browser.GetAsync("/generate");

        string policy = page.Headers.GetValues("Content-Security-Policy").ShouldHaveSingleItem();
        policy.ShouldContain("default-src 'none'");
        policy.ShouldNotContain("unsafe");
        policy.ShouldContain("frame-ancestors 'none'");
        page.Headers.CacheControl!.NoStore.ShouldBeTrue();
        string text = await page.Content.ReadAsStringAsync(RunningHost.Token);
        text.ShouldNotContain("<style");
        text.ShouldNotContain(" style=");
        text.ShouldNotContain("onclick=");
        System.Text.RegularExpressions.Regex.Count(text, "<script(?![^>]* src=)").ShouldBe(0);
        (await browser.GetAsync("/console/assets/nothing.js")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await browser.ReadAsync("/console/assets/blazor.web.js")).Length.ShouldBeGreaterThan(100_000);
    }

    private Task<RunningHost> StartAsync(params object[]? keys)
    {
        string? file = keys is null ? null : _files.Keys(keys);
        return RunningHost.StartAsync(options => options with { Console = true, TokenFile = file });
    }
}
