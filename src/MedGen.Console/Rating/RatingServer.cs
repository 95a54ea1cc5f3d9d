using System.Net;
using System.Security.Cryptography;
using System.Text;
using MedGen.Datasets.Ratings;
using MedGen.Sdk.Errors;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace MedGen.WebConsole.Rating;

/// <summary>
/// The form in which people rate clips, on this machine alone: every page lies below a random token, which only the printed address has. A server of
/// its own; it knows nothing of the platform's host.
/// </summary>
public sealed class RatingServer : IAsyncDisposable
{
    private const int LargestForm = 64 * 1024;
    private const int MaxRaterLength = 40;
    private const string Html = "text/html; charset=utf-8";

    private readonly WebApplication _web;
    private readonly RatingPlan _plan;
    private readonly RatingLog _log;
    private readonly TimeProvider _clock;
    private readonly RatingPages _pages;
    private readonly Dictionary<string, RatedClip> _clips;

    private RatingServer(WebApplication web, RatingPlan plan, RatingLog log, string title, string token, TimeProvider clock)
    {
        (_web, _plan, _log, _clock) = (web, plan, log, clock);
        byte[] key = Encoding.UTF8.GetBytes(token);
        _clips = plan.Items.SelectMany(item => new[] { item.First, item.Second }).OfType<RatedClip>().Distinct()
            .ToDictionary(clip => Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(clip.Path)))[..16]);
        Dictionary<RatedClip, string> names = _clips.ToDictionary(one => one.Value, one => one.Key);
        _pages = new RatingPages(title, $"/{token}", clip => names[clip]);
    }

    /// <summary>Where the form is, with its token.</summary>
    public Uri Address => new($"{_web.Urls.Single()}{_pages.Root}/");

    /// <summary>Starts it on the loopback address.</summary>
    /// <param name="plan">What is asked.</param>
    /// <param name="log">Where answers are kept; it stays the caller's.</param>
    /// <param name="title">What stands above the form.</param>
    /// <param name="port">Port, 0 to 65535; 0: one that is free.</param>
    /// <param name="clock">Says when an answer was given.</param>
    /// <param name="cancellationToken">Stops the start.</param>
    /// <returns>The running server.</returns>
    /// <exception cref="InvalidInputException">A clip is of a kind that browsers do not play, or the port is out of range.</exception>
    public static async Task<RatingServer> StartAsync(
        RatingPlan plan, RatingLog log, string title, int port, TimeProvider clock, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        if (port is < 0 or > IPEndPoint.MaxPort)
        {
            throw new InvalidInputException("port", $"got {port}; allowed: 0 to {IPEndPoint.MaxPort}.");
        }

        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestForm;
            kestrel.Listen(IPAddress.Loopback, port);
        });
        builder.Services.AddRouting();
        WebApplication web = builder.Build();
        string token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        RatingServer server = new(web, plan, log, title, token, clock);
        if (server._clips.Values.FirstOrDefault(clip => MediaType(clip) is null) is { } unplayable)
        {
            await web.DisposeAsync().ConfigureAwait(false);
            throw new InvalidInputException(
                $"videos: {unplayable.System}/{unplayable.Name}", "browsers do not play it; allowed: .mp4, .webm, .mov, .gif.");
        }

        server.Map(web);
        await web.StartAsync(cancellationToken).ConfigureAwait(false);
        return server;
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _web.DisposeAsync();

    private static string? MediaType(RatedClip clip) => Path.GetExtension(clip.Name).ToLowerInvariant() switch
    {
        ".mp4" or ".mov" => "video/mp4",
        ".webm" => "video/webm",
        ".gif" => "image/gif",
        _ => null,
    };

    private void Map(WebApplication web)
    {
        ConsoleAssets.Map(web);
        RouteGroupBuilder routes = web.MapGroup(_pages.Root);
        routes.MapGet("/", Page(_ => _pages.Begin(problem: null)));
        routes.MapGet("/rate", Page(http => Next(http.Request.Query["rater"].ToString())));
        routes.MapPost("/rate", (RequestDelegate)AnswerAsync);
        routes.MapGet("/ratings.csv", http => Results.File(_log.Path, "text/csv; charset=utf-8", RatingLog.FileName).ExecuteAsync(http));
        routes.MapGet("/clips/{id}", http => _clips.TryGetValue((string)http.GetRouteValue("id")!, out RatedClip? clip)
            ? Results.File(clip.Path, MediaType(clip), enableRangeProcessing: true).ExecuteAsync(http)
            : Results.NotFound().ExecuteAsync(http));
    }

    private static RequestDelegate Page(Func<HttpContext, string> page) => http =>
    {
        ConsoleHeaders.Set(http.Response);
        return Results.Content(page(http), Html).ExecuteAsync(http);
    };

    private static bool IsName(string rater) =>
        rater.Length is > 0 and <= MaxRaterLength && rater.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');

    private string Next(string rater)
    {
        if (!IsName(rater))
        {
            return _pages.Begin($"A name has 1 to {MaxRaterLength} letters, digits and . _ -");
        }

        IReadOnlyList<(RatingItem Item, bool IsFirstLeft)> order = _plan.For(rater);
        int done = order.Count(one => _log.IsAnswered(rater, one.Item));
        return done == order.Count
            ? _pages.Done(rater, done)
            : _pages.Item(rater, order.First(one => !_log.IsAnswered(rater, one.Item)), done, order.Count);
    }

    private async Task AnswerAsync(HttpContext http)
    {
        ConsoleHeaders.Set(http.Response);
        IFormCollection form = await http.Request.ReadFormAsync(http.RequestAborted);
        string rater = form["rater"].ToString();
        (RatingItem Item, bool IsFirstLeft) page = _plan.For(rater).FirstOrDefault(one => _pages.Blind(one.Item) == form["item"].ToString());
        if (!IsName(rater) || page.Item is null || Rows(rater, page.Item, page.IsFirstLeft, form) is not { } rows)
        {
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            await http.Response.WriteAsync("An answer is missing, or is none of those that the form offers.", http.RequestAborted);
            return;
        }

        _log.Add(rows);
        http.Response.StatusCode = StatusCodes.Status303SeeOther;
        http.Response.Headers.Location = $"{_pages.Root}/rate?rater={rater}";
    }

    private RatingRow[]? Rows(string rater, RatingItem item, bool isFirstLeft, IFormCollection form)
    {
        (string left, string right) = isFirstLeft ? (item.First.System, item.Second?.System ?? "") : (item.Second?.System ?? "", item.First.System);
        RatingRow[] rows =
        [
            .. item.Questions.Select(question => new RatingRow
            {
                Time = _clock.GetUtcNow(),
                Rater = rater,
                Kind = item.Kind,
                Item = item.Id,
                Prompt = item.Prompt,
                Question = question.Name,
                Seconds = item.Seconds,
                System = item.First.System,
                Other = item.Second?.System ?? "",
                Left = item.Kind == RatingKind.Pairwise ? left : "",
                Answer = (item.Kind, form[question.Name].ToString()) switch
                {
                    (RatingKind.Pairwise, RatingPages.Left) => left,
                    (RatingKind.Pairwise, RatingPages.Right) => right,
                    (RatingKind.Pairwise, RatingQuestion.Tie) => RatingQuestion.Tie,
                    (not RatingKind.Pairwise, [>= '1' and <= '5'] value) => value,
                    _ => "",
                },
            }),
        ];
        return Array.TrueForAll(rows, row => row.Answer.Length > 0) ? rows : null;
    }
}
