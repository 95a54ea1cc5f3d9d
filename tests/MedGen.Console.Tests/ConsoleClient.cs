using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;

namespace MedGen.Console.Tests;

/// <summary>What a browser does over plain HTTP: keeps cookies, asks for pages, sends forms.</summary>
internal sealed partial class ConsoleClient : IDisposable
{
    private readonly HttpClient _http;

    public ConsoleClient(RunningHost host) => _http = new HttpClient(
        new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = Cookies }) { BaseAddress = host.Endpoints.Http };

    public CookieContainer Cookies { get; } = new();

    public async Task<HttpResponseMessage> GetAsync(string address, RangeHeaderValue? part = null)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, address);
        request.Headers.Range = part;
        request.Headers.Accept.ParseAdd("text/html");
        return await _http.SendAsync(request, RunningHost.Token);
    }

    public async Task<string> ReadAsync(string address)
    {
        using HttpResponseMessage response = await GetAsync(address);
        response.StatusCode.ShouldBe(HttpStatusCode.OK, address);
        return WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync(RunningHost.Token));
    }

    /// <summary>Sends the form of a page as it stands there, with other fields besides.</summary>
    public async Task<HttpResponseMessage> SubmitAsync(string address, string form, bool forged = false, params (string Name, string Value)[] fields)
    {
        string page = await ReadAsync(address);
        Dictionary<string, string> content = new() { ["_handler"] = form };
        if (!forged)
        {
            content["__RequestVerificationToken"] = Antiforgery().Match(page).Groups[1].Value;
        }

        foreach ((string name, string value) in fields)
        {
            content[name] = value;
        }

        return await _http.PostAsync(address, new FormUrlEncodedContent(content), RunningHost.Token);
    }

    public Task<HttpResponseMessage> SignInAsync(string key, string address = "/sign-in") => SubmitAsync(address, "sign-in", fields: ("Key", key));

    public Task<HttpResponseMessage> PostAsync(string address) => _http.PostAsync(address, null, RunningHost.Token);

    public void Dispose() => _http.Dispose();

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex Antiforgery();
}
