using System.Globalization;
using System.Net;
using System.Text;

namespace MedGen.Cli.Demo;

/// <summary>Writes the demo's page: one file that needs nothing else, pictures and clip included.</summary>
internal static class DemoReport
{
    private const string Style = """
        :root { color-scheme: light; --ink: #17212b; --soft: #5b6b7a; --line: #dfe5ea; --bar: #2f7fb8; --warn: #8a5a00; }
        body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
        h1 { font-size: 1.7rem; margin-bottom: 0; } h2 { margin-top: 2.2rem; border-bottom: 1px solid var(--line); }
        .soft { color: var(--soft); } .note { border-left: 4px solid #e0b040; background: #fff8e6; padding: .6rem 1rem; color: var(--warn); }
        .clip { display: grid; grid-template-columns: 20rem 1fr; gap: 1rem 1.5rem; margin: 1.2rem 0; align-items: start; }
        .clip img { width: 100%; border-radius: 4px; background: #000; }
        .row { display: grid; grid-template-columns: 4rem 1fr 4rem; gap: .6rem; align-items: center; font-variant-numeric: tabular-nums; }
        .track { background: var(--line); border-radius: 3px; height: .8rem; } .fill { background: var(--bar); border-radius: 3px; height: .8rem; }
        .answer { font-size: 1.25rem; font-weight: 600; }
        table { border-collapse: collapse; width: 100%; } td { border-top: 1px solid var(--line); padding: .35rem .6rem .35rem 0; vertical-align: top; }
        td:first-child { color: var(--soft); width: 12rem; } code { overflow-wrap: anywhere; } video { max-width: 100%; min-width: 24rem; image-rendering: pixelated; background: #000; }
        @media (max-width: 45rem) { .clip { grid-template-columns: 1fr; } video { min-width: 0; width: 100%; } }
        """;

    /// <summary>Renders the page.</summary>
    /// <param name="results">What was found.</param>
    /// <param name="stills">A PNG for each classified clip, in order.</param>
    /// <param name="generatedStill">A PNG contact sheet of the generated clip.</param>
    /// <param name="generatedClip">The generated MP4.</param>
    /// <returns>HTML.</returns>
    public static string Render(DemoResults results, IReadOnlyList<byte[]> stills, byte[] generatedStill, byte[] generatedClip)
    {
        StringBuilder html = new();
        html.Append(CultureInfo.InvariantCulture, $"""
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
            <title>MedGen Platform demo</title><style>{Style}</style></head><body>
            <h1>MedGen Platform demo</h1>
            <p class="soft">Version {Escape(results.PlatformVersion)} · {results.StartedAt:yyyy-MM-dd HH:mm} UTC · {Seconds(results.TotalSeconds)} in all,
            {Seconds(results.HostStartSeconds)} of it starting the host. Every step below went over gRPC to a running host.</p>
            <p class="soft">For research and augmentation, not for diagnosis.</p>
            <h2>What do these clips show?</h2>
            <p>Three real clips were uploaded and classified by the <code>medgen.imaging-modality</code> plugin. They were among its training data: this shows that
            it runs; its EVALUATION.md says how good it is on sources it never saw.</p>
            """);
        for (int i = 0; i < results.Classifications.Count; i++)
        {
            AppendClassification(html, results.Classifications[i], stills[i]);
        }

        AppendGeneration(html, results, generatedStill, generatedClip);
        AppendProvenance(html, results);
        html.Append("</body></html>\n");
        return html.ToString();
    }

    private static void AppendClassification(StringBuilder html, DemoClassification clip, byte[] still)
    {
        string answer = clip.Abstained
            ? $"{clip.Modality} (abstained; nearest is {clip.Probabilities.MaxBy(p => p.Value).Key})"
            : clip.Modality;
        html.Append(CultureInfo.InvariantCulture, $"""
            <div class="clip"><img alt="a frame of {Escape(clip.File)}" src="{DataUri("image/png", still)}">
            <div><div class="answer">{Escape(answer)}</div>
            <div class="soft">{Escape(clip.File)} · {clip.Frames} frames analysed · {Seconds(clip.Seconds)} with upload</div>
            """);
        foreach ((string label, double probability) in clip.Probabilities.OrderByDescending(p => p.Value).Take(6))
        {
            html.Append(CultureInfo.InvariantCulture, $"""
                <div class="row"><span>{Escape(label)}</span><div class="track"><div class="fill" style="width:{probability * 100:0.#}%"></div></div><span>{probability:0.000}</span></div>
                """);
        }

        html.Append("</div></div>\n");
    }

    private static void AppendGeneration(StringBuilder html, DemoResults results, byte[] still, byte[] clip)
    {
        DemoGeneration generation = results.Generation;
        html.Append(CultureInfo.InvariantCulture, $"""
            <h2>A generated clip</h2>
            <p>“{Escape(generation.Prompt)}”</p>
            """);
        if (!results.Model.IsTrained)
        {
            html.Append(CultureInfo.InvariantCulture, $"""
                <p class="note">The model at hand, <code>{Escape(results.Model.Name)}</code>, has random weights, so the picture is noise. Every step of the way is the one that
                trained weights take; give a folder with the released MedGen weights by <code>--model</code>.</p>
                """);
        }

        html.Append(CultureInfo.InvariantCulture, $"""
            <p><video controls autoplay loop muted playsinline src="{DataUri("video/mp4", clip)}"></video></p>
            <p><img alt="frames of the generated clip" style="max-width:100%" src="{DataUri("image/png", still)}"></p>
            <table>
            <tr><td>size</td><td>{generation.Width} × {generation.Height} px, {generation.Frames} frames at {generation.Fps:0.##} per second</td></tr>
            <tr><td>steps, seed</td><td>{generation.Steps}, {generation.Seed}</td></tr>
            <tr><td>time</td><td>{Seconds(generation.Seconds)} from request to result, {generation.ProgressEvents} progress events</td></tr>
            </table>
            """);
    }

    private static void AppendProvenance(StringBuilder html, DemoResults results)
    {
        DemoModel model = results.Model;
        html.Append(CultureInfo.InvariantCulture, $"""
            <h2>Provenance</h2>
            <table>
            <tr><td>provenance id</td><td><code>{Escape(results.Generation.ProvenanceId)}</code> (also in the metadata of {Escape(results.Generation.File)}, which says that it is synthetic)</td></tr>
            <tr><td>model</td><td>{Escape(model.Name)}, {Escape(model.Variant)}, {model.Parameters:N0} parameters, {Escape(model.DataType)} on {Escape(model.Device)}</td></tr>
            <tr><td>model hash</td><td><code>{Escape(model.Hash)}</code></td></tr>
            """);
        foreach (DemoClassification clip in results.Classifications)
        {
            html.Append(CultureInfo.InvariantCulture, $"<tr><td>{Escape(clip.File)}</td><td>SHA-256 <code>{Escape(clip.Sha256)}</code></td></tr>\n");
        }

        html.Append("</table>\n");
    }

    private static string Seconds(double seconds) => seconds.ToString(seconds < 10 ? "0.0 s" : "0 s", CultureInfo.InvariantCulture);

    private static string Escape(string text) => WebUtility.HtmlEncode(text);

    private static string DataUri(string mediaType, byte[] content) => $"data:{mediaType};base64,{Convert.ToBase64String(content)}";
}
