using MedGen.Sdk.Frames;
using MedGen.Phantoms.Captions;
using MedGen.Phantoms.Fields;
using MedGen.Phantoms.Randomness;

namespace MedGen.Phantoms.Histology;

/// <summary>A field of a tissue section under the microscope.</summary>
internal sealed class HistologyPhantom : IPhantom
{
    public string Kind => "sm-histology";

    public string Modality => "SM";

    public string Description => "Histology: a stained section with glands, stroma and nuclei while the stage moves or the focus changes.";

    public IReadOnlyList<string> Labels { get; } = ["glandular", "carcinoma", "fibrous-stroma", "lymphoid"];

    public IReadOnlyList<PhantomParameter> Parameters { get; } =
    [
        PhantomParameter.Word("tissue", "Pattern of the tissue.", "glandular", "carcinoma", "fibrous-stroma", "lymphoid"),
        PhantomParameter.Word("stain", "Haematoxylin and eosin, or immunohistochemistry with DAB.", "he", "ihc-dab"),
        PhantomParameter.Number("field-width", "Width of the field in micrometres.", 120, 700),
        PhantomParameter.Number("haematoxylin", "Strength of the nuclear stain.", 0.5, 1.5),
        PhantomParameter.Number("eosin", "Strength of the counterstain.", 0.4, 1.6),
        PhantomParameter.Word("motion", "Motion of the microscope.", "pan", "focus", "still"),
    ];

    public PhantomClip Simulate(PhantomRequest request)
    {
        ParameterDraws draws = new(this, request);
        string tissue = draws.Word("tissue", 1.3, 1.2, 0.8, 0.7);
        string stain = draws.Word("stain", 3, 1);
        float field = (float)draws.Number("field-width", 150, 480);
        float haematoxylin = (float)draws.Number("haematoxylin", 0.7, 1.25);
        float eosin = (float)draws.Number("eosin", 0.6, 1.3);
        string motion = draws.Word("motion", 2, 0.6, 0.6);

        Random random = draws.Stream("scene");
        double direction = random.Range(0, 2 * Math.PI);
        float path = motion == "pan" && request.NumFrames > 1 ? (float)random.Range(0.2, 0.6) : 0; // in widths of the field
        (float dx, float dy) = (path * (float)Math.Cos(direction), path * (float)Math.Sin(direction));
        float defocus = (float)random.Range(0.004, 0.012);
        float focusAt = (float)random.Range(0.3, 0.8);
        float noise = (float)random.Range(0.003, 0.012);
        float vignette = (float)random.Range(0, 0.12);

        IEnumerable<VideoFrame> Frames()
        {
            Section section = new(
                draws, tissue, stain == "ihc-dab", haematoxylin, eosin, field / request.Width, request.Width, request.Height, MathF.Abs(dx),
                MathF.Abs(dy));
            foreach (VideoFrame frame in PlaneFrames.Sequence(request, (index, red, green, blue) =>
            {
                float share = request.NumFrames > 1 ? index / (float)(request.NumFrames - 1) : 0.5f;
                section.Cut(dx >= 0 ? share : 1 - share, dy >= 0 ? share : 1 - share, vignette, noise, draws.Seed("sensor", index), red, green, blue);
                if (motion == "focus" && request.NumFrames > 1)
                {
                    double blur = Math.Abs(share - focusAt) * defocus * 2 * request.Width;
                    Blur.Gaussian(red, blur);
                    Blur.Gaussian(green, blur);
                    Blur.Gaussian(blue, blur);
                }

                return true;
            }))
            {
                yield return frame;
            }
        }

        (string brief, string detailed) = Captions(draws.Stream("captions"), tissue, stain, field, motion);
        string anatomy = tissue switch
        {
            "glandular" => "glandular mucosa",
            "carcinoma" => "adenocarcinoma",
            "lymphoid" => "lymphoid tissue",
            _ => "connective tissue",
        };
        return new PhantomClip { Truth = draws.Truth(anatomy, tissue), BriefCaption = brief, DetailedCaption = detailed, Frames = Frames() };
    }

    private static (string Brief, string Detailed) Captions(Random random, string tissue, string stain, float field, string motion)
    {
        string what = tissue switch
        {
            "glandular" => "[glandular mucosa|regular glands in a loose stroma]",
            "carcinoma" => "[adenocarcinoma|irregular, crowded glands of an adenocarcinoma]",
            "lymphoid" => "[lymphoid tissue|a dense lymphocytic infiltrate]",
            _ => "[fibrous connective tissue|collagen-rich stroma]",
        };
        string colours = stain == "he"
            ? "[Nuclei are blue-purple, cytoplasm and fibres pink.|The nuclei stain purple and the stroma pink.]"
            : "[Brown DAB marks the positive cells; nuclei are counterstained blue.|Positive cells are brown on a pale blue background.]";
        string detail = tissue switch
        {
            "glandular" => "[Columnar cells with basal nuclei|Tall cells with nuclei at the base] line [round|oval] lumina.",
            "carcinoma" => "[Large, uneven nuclei|Enlarged pleomorphic nuclei] line irregular lumina.",
            "lymphoid" => "[Small, round, dark nuclei lie close together.|Round lymphocytes crowd the field.]",
            _ => "[Wavy fibres run in bundles between spindle-shaped nuclei.|Thin elongated nuclei follow the fibres.]",
        };
        string move = motion switch
        {
            "pan" => "The stage [moves slowly|pans across the slide].",
            "focus" => "The focus [is adjusted|sweeps through the section].",
            _ => "The field is [still|static].",
        };
        string name = stain == "he" ? "[H&E-stained|Haematoxylin and eosin stained]" : "[immunohistochemically stained|DAB-stained]";
        string brief = Wording.Write(
            random,
            $"[Microscopic view|Histology|A micrograph] of {(stain == "he" ? "an" : "a")} {(stain == "he" ? "H&E-stained" : "DAB-stained")} section "
                + $"of {what}.");
        string detailed = Wording.Write(
            random,
            $"[The video shows|Under the microscope we see|This slide shows] a section of {what}, {name}, [at|seen at] "
                + $"{(field < 220 ? "high" : field < 380 ? "medium" : "low")} magnification. {detail} {colours} {move}");
        return (brief, detailed);
    }
}
