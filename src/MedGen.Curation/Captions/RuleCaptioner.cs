using MedGen.Curation.Clips;

namespace MedGen.Curation.Captions;

/// <summary>
/// Captions for machines without a vision model: the modality that the classifier recognised, what the film's list says, and how much moves. It says
/// nothing that was not stated or measured.
/// </summary>
internal sealed class RuleCaptioner : IVideoCaptioner
{
    private const string Name = "rules";
    private const double StillBelow = 0.5;
    private const double StrongAbove = 10;

    private static readonly Dictionary<string, string> Words = new(StringComparer.Ordinal)
    {
        ["CR"] = "a computed radiography image", ["CT"] = "computed tomography", ["DX"] = "a digital radiograph", ["ECG"] = "an electrocardiogram",
        ["ES"] = "endoscopic video", ["GM"] = "general microscopy", ["MG"] = "mammography", ["MR"] = "magnetic resonance imaging",
        ["NM"] = "nuclear medicine imaging", ["OP"] = "ophthalmic photography", ["OPT"] = "optical coherence tomography of the eye",
        ["PT"] = "positron emission tomography", ["SM"] = "slide microscopy", ["US"] = "ultrasound", ["XA"] = "X-ray angiography",
    };

    public Task<ClipCaption> DescribeAsync(CaptionRequest request, CancellationToken cancellationToken)
    {
        string shown = request.Modality is { } code ? Words.GetValueOrDefault(code, code == "unknown" ? "medical video" : code) : "medical video";
        string subject = Sentence(request.Title is { } title ? $"{Capital(shown)}: {title}" : Capital(shown));
        string motion = request.Motion switch
        {
            null => "",
            < StillBelow => " Little moves.",
            > StrongAbove => " There is strong motion.",
            _ => " There is moderate motion.",
        };
        string described = request.Description is { } description ? $" {Sentence(description)}" : "";
        string detailed = FormattableString.Invariant($"{subject}{described}{motion} The clip is {request.Seconds:0.#} seconds long.");
        return Task.FromResult(new ClipCaption { Brief = subject, Detailed = detailed, Captioner = Name });
    }

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private static string Sentence(string text) => text.TrimEnd() is var plain && plain.EndsWith('.') ? plain : plain + ".";
}
