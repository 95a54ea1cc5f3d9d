using System.Net;
using MedGen.Datasets.Ratings;
using MedGen.WebConsole.Rating;
using Microsoft.Playwright;

namespace MedGen.Console.Tests.Rating;

public sealed class RatingServerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-rate-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Table => Path.Combine(_folder, RatingLog.FileName);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Pages_WithoutTheToken_AreNotThereAndWithItNameNoSystem()
    {
        RatingPlan plan = await PlanAsync();
        using RatingLog log = RatingLog.Open(_folder);
        await using RatingServer server = await RatingServer.StartAsync(plan, log, "Clips", 0, TimeProvider.System, Token);
        using HttpClient http = new();

        server.Address.IsLoopback.ShouldBeTrue();
        (await http.GetAsync(new Uri(server.Address, "/"), Token)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await http.GetAsync(new Uri(server.Address, $"/{new string('0', 32)}/rate?rater=ann"), Token)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        HttpResponseMessage page = await http.GetAsync(new Uri(server.Address, "rate?rater=ann"), Token);
        string html = await page.Content.ReadAsStringAsync(Token);
        page.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("script-src 'self'");
        html.ShouldNotContain("alpha");
        html.ShouldNotContain("beta");
        html.ShouldNotContain("<script>");
        html.ShouldNotContain("style=");
    }

    [Fact]
    public async Task Answer_ThatIsIncompleteOrOfNobody_IsRefusedAndNotKept()
    {
        RatingPlan plan = await PlanAsync();
        using RatingLog log = RatingLog.Open(_folder);
        await using RatingServer server = await RatingServer.StartAsync(plan, log, "Clips", 0, TimeProvider.System, Token);
        using HttpClient http = new(new HttpClientHandler { AllowAutoRedirect = false });
        string html = await http.GetStringAsync(new Uri(server.Address, "rate?rater=ann"), Token);
        string item = html.Split("name=\"item\" value=\"")[1].Split('"')[0];

        (await PostAsync("ann", item, ("text_alignment", "left"))).ShouldBe(HttpStatusCode.BadRequest);
        (await PostAsync("ann", item, ("text_alignment", "left"), ("warping_error", "5"))).ShouldBe(HttpStatusCode.BadRequest);
        (await PostAsync("ann", "Likert.0.x", ("text_alignment", "left"), ("warping_error", "tie"))).ShouldBe(HttpStatusCode.BadRequest);
        (await PostAsync("a b", item, ("text_alignment", "left"), ("warping_error", "tie"))).ShouldBe(HttpStatusCode.BadRequest);
        (await File.ReadAllTextAsync(Table, Token)).ShouldBe(RatingTable.Header);
        (await PostAsync("ann", item, ("text_alignment", "left"), ("warping_error", "tie"))).ShouldBe(HttpStatusCode.SeeOther);
        RatingRow first = RatingTable.Read(Table)[0];
        first.Answer.ShouldBe(first.Left);

        async Task<HttpStatusCode> PostAsync(string rater, string page, params (string Name, string Value)[] answers)
        {
            using FormUrlEncodedContent form = new(answers.Append(("rater", rater)).Append(("item", page)).Select(one => KeyValuePair.Create(one.Item1, one.Item2)));
            using HttpResponseMessage response = await http.PostAsync(new Uri(server.Address, "rate"), form, Token);
            return response.StatusCode;
        }
    }

    [Fact, Long]
    public async Task Rating_ByKeyboardWithAReloadAndARestartInTheMiddle_EndsInItsTable()
    {
        RatingPlan plan = await PlanAsync();
        using (RatingLog log = RatingLog.Open(_folder))
        {
            await using RatingServer server = await RatingServer.StartAsync(plan, log, "Clips", 0, TimeProvider.System, Token);
            await using Browser browser = await Browser.StartAsync(new Uri(server.Address.GetLeftPart(UriPartial.Authority)));
            await browser.Page.GotoAsync(server.Address.ToString());
            await browser.Page.Keyboard.TypeAsync("ann");
            await browser.Page.Keyboard.PressAsync("Enter");
            await browser.Page.GetByText("1 of 3").WaitForAsync();
            (await browser.FindBarriersAsync()).ShouldBeEmpty();
            await AnswerAsync(browser.Page, "1", "3"); // left, no difference
            await browser.Page.GetByText("2 of 3").WaitForAsync();

            await browser.Page.ReloadAsync();

            await browser.Page.GetByText("2 of 3").WaitForAsync();
            await AnswerAsync(browser.Page, "4");
            await browser.Page.GetByText("3 of 3").WaitForAsync();
        }

        using (RatingLog log = RatingLog.Open(_folder))
        {
            await using RatingServer server = await RatingServer.StartAsync(plan, log, "Clips", 0, TimeProvider.System, Token);
            await using Browser browser = await Browser.StartAsync(new Uri(server.Address.GetLeftPart(UriPartial.Authority)));
            await browser.Page.GotoAsync($"{server.Address}rate?rater=ann");
            await browser.Page.GetByText("3 of 3").WaitForAsync();
            await AnswerAsync(browser.Page, "5");
            await browser.Page.Locator("#done").WaitForAsync();

            IDownload download = await browser.Page.RunAndWaitForDownloadAsync(() => browser.Page.GetByRole(AriaRole.Link).ClickAsync());

            (await File.ReadAllBytesAsync(await download.PathAsync(), Token)).ShouldBe(await ReadAsync());
        }

        IReadOnlyList<RatingRow> rows = RatingTable.Read(Table);
        rows.Select(row => (row.Rater, row.Kind, row.Question)).ShouldBe(
        [
            ("ann", RatingKind.Pairwise, "text_alignment"), ("ann", RatingKind.Pairwise, "warping_error"), ("ann", RatingKind.Likert, "visual_quality"),
            ("ann", RatingKind.Likert, "visual_quality"),
        ]);
        rows[0].Answer.ShouldBe(rows[0].Left);
        rows.Skip(1).Select(row => row.Answer).ShouldBe(["tie", "4", "5"]);

        async Task<byte[]> ReadAsync()
        {
            await using FileStream file = new(Table, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            byte[] content = new byte[file.Length];
            await file.ReadExactlyAsync(content, Token);
            return content;
        }
    }

    private static async Task AnswerAsync(IPage page, params string[] keys)
    {
        foreach (string key in keys)
        {
            await page.Keyboard.PressAsync(key);
        }

        await page.Keyboard.PressAsync("Enter");
    }

    private async Task<RatingPlan> PlanAsync()
    {
        foreach (string system in new[] { "alpha", "beta" })
        {
            Directory.CreateDirectory(Path.Combine(_folder, "videos", system));
            File.Copy(RepositoryRoot.Path("samples", "clips", "lung_ultrasound.mp4"), Path.Combine(_folder, "videos", system, "A lung-0.mp4"));
        }

        RatingDesign design = new() { Systems = ["alpha", "beta"], Pairwise = ["text_alignment", "warping_error"], Likert = ["visual_quality"] };
        return await RatingPlan.MakeAsync(design, Path.Combine(_folder, "videos"), _ => Task.FromResult(0.0));
    }
}
