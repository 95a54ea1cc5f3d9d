using System.Globalization;
using System.Net;
using System.Text;
using MedGen.Datasets.Ratings;

namespace MedGen.WebConsole.Rating;

/// <summary>The pages of the form. No name of a system or file is in them.</summary>
/// <param name="title">What stands above.</param>
/// <param name="root">Where the pages lie.</param>
/// <param name="clipName">What a clip is called in addresses.</param>
internal sealed class RatingPages(string title, string root, Func<RatedClip, string> clipName)
{
    /// <summary>Answer that the left clip is better.</summary>
    public const string Left = "left";

    /// <summary>Answer that the right clip is better.</summary>
    public const string Right = "right";

    /// <summary>Where the pages lie.</summary>
    public string Root => root;

    /// <summary>Asks for the rater's name.</summary>
    public string Begin(string? problem) => Page($"""
        {(problem is null ? "" : $"<p role=\"alert\">{Text(problem)}</p>")}
        <form method="get" action="{root}/rate">
        <label>Your name or number <input name="rater" required maxlength="40" pattern="[A-Za-z0-9._\-]+" autofocus autocomplete="off"></label>
        <button>Begin</button>
        </form>
        <p>Whoever gives the same name goes on where it ended. The name stands in the table of answers.</p>
        """);

    /// <summary>Asks about clips.</summary>
    public string Item(string rater, (RatingItem Item, bool IsFirstLeft) page, int done, int all)
    {
        (RatingItem item, bool isFirstLeft) = page;
        StringBuilder form = new();
        form.Append(CultureInfo.InvariantCulture, $"<p>{done + 1} of {all}</p><p class=\"prompt\">{Text(item.Prompt)}</p><div class=\"clips\">");
        RatedClip?[] clips = isFirstLeft ? [item.First, item.Second] : [item.Second, item.First];
        RatedClip[] shown = [.. clips.OfType<RatedClip>()];
        foreach ((int place, RatedClip clip) in shown.Index())
        {
            form.Append(Clip(clip, item.Seconds, shown.Length == 1 ? "" : place == 0 ? "Left" : "Right"));
        }

        form.Append(CultureInfo.InvariantCulture, $"""
            </div><form method="post" action="{root}/rate" id="answers">
            <input type="hidden" name="rater" value="{Text(rater)}"><input type="hidden" name="item" value="{Text(Blind(item))}">
            """);
        foreach (RatingQuestion question in item.Questions)
        {
            form.Append(item.Kind == RatingKind.Pairwise
                ? Choices(question.Name, question.Comparison, [(Left, "left"), (Right, "right"), (RatingQuestion.Tie, "no difference")])
                : Choices(question.Name, question.Scale, [.. Enumerable.Range(1, 5).Select(value =>
                    (value.ToString(CultureInfo.InvariantCulture), ""))]));
        }

        return Page(form.Append("<button>Next</button></form>")
            .Append("<p>Keys: a number answers the question that has the focus, Enter goes on, R plays again from the beginning.</p>").ToString());
    }

    /// <summary>Says that all is answered.</summary>
    public string Done(string rater, int count) => Page($"""
        <p id="done">Thank you, {Text(rater)}: all {count} pages are answered.</p>
        <p><a href="{root}/ratings.csv" download>Table of all answers (CSV)</a></p>
        """);

    /// <summary>A page's id without the systems and files in it; the order of two clips says nothing of who made which.</summary>
    public string Blind(RatingItem item)
    {
        IEnumerable<string> clips = new[] { item.First, item.Second }.OfType<RatedClip>().Select(clipName).Order(StringComparer.Ordinal);
        return string.Create(CultureInfo.InvariantCulture, $"{item.Kind}.{item.Seconds ?? 0}.{string.Join('.', clips)}");
    }

    private string Clip(RatedClip clip, int? seconds, string caption)
    {
        string address = $"{root}/clips/{clipName(clip)}";
        string end = seconds is null ? "" : string.Create(CultureInfo.InvariantCulture, $" data-seconds=\"{seconds}\"");
        string shown = clip.Name.EndsWith(".gif", StringComparison.OrdinalIgnoreCase)
            ? $"<img src=\"{address}\" alt=\"clip\">"
            : $"<video src=\"{address}\" muted autoplay loop playsinline controls tabindex=\"-1\"{end}></video>";
        return $"<figure>{shown}<figcaption>{caption}</figcaption></figure>";
    }

    private static string Choices(string name, string question, IReadOnlyList<(string Value, string Label)> choices)
    {
        StringBuilder set = new();
        set.Append(CultureInfo.InvariantCulture, $"<fieldset><legend>{Text(question)}</legend>");
        foreach ((int index, (string value, string label)) in choices.Index())
        {
            set.Append(
                CultureInfo.InvariantCulture,
                $"<label><input type=\"radio\" name=\"{name}\" value=\"{value}\" required> {$"{index + 1} {label}".TrimEnd()}</label> ");
        }

        return set.Append("</fieldset>").ToString();
    }

    private string Page(string content) => $"""
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
        <title>{Text(title)}</title>
        <link rel="icon" href="{ConsoleAssets.Address("icon.svg")}">
        <link rel="stylesheet" href="{ConsoleAssets.Address("console.css")}">
        <link rel="stylesheet" href="{ConsoleAssets.Address("rating.css")}">
        <script src="{ConsoleAssets.Address("rating.js")}" defer></script>
        </head><body><main>
        <h1>{Text(title)}</h1>
        {content}
        </main></body></html>
        """;

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
