using System.Text.RegularExpressions;
using MedGen.Model.Checkpoints;
using MedGen.Model.ImageEncoders;
using static TorchSharp.torch;

namespace MedGen.Model.Verification;

/// <summary>
/// Pictures <c>&lt;case&gt;.x0, .x1, …</c> [3, H, W] in [−1, 1] → <c>.pixels</c> → <c>.out</c>, with what lies between (<c>.dbg.*</c>); weights in
/// the folder and, as <c>models_clip*</c>, in <c>pipeline/models</c> beside it.
/// </summary>
internal sealed class ImageEncoderFixture : IPartFixture
{
    public string Part => "clip";

    public bool Recognises(FixtureFolder folder) => folder.Matches(@"\.pixels$").Count > 0 && folder.Matches(@"\.x0$").Count > 0;

    public void Run(FixtureFolder folder, VerificationReport report)
    {
        string models = Path.Combine(folder.FullPath, "..", "pipeline", "models");
        IEnumerable<string> beside = Directory.Exists(models) ? Directory.EnumerateFiles(models, "models_clip*").Order(StringComparer.Ordinal) : [];
        IEnumerable<string> own = Directory.EnumerateFiles(folder.FullPath, "model*.safetensors").Order(StringComparer.Ordinal);
        foreach (string path in own.Concat(beside))
        {
            string label = Path.GetFileName(path);
            string stem = Path.GetFileNameWithoutExtension(path);
            string config = folder.PathOf($"config{(stem.StartsWith("model_", StringComparison.Ordinal) ? stem["model".Length..] : "")}.json");
            report.Try(label, () =>
            {
                using ClipVisionEncoder encoder = ModelFolder.LoadImageEncoder([path], File.Exists(config) ? config : null, CPU, ScalarType.Float32);
                foreach (string name in folder.Matches(@"^(.+)\.pixels$").Select(match => match.Groups[1].Value))
                {
                    report.Try($"{name} [{label}]", () => RunCase(folder, encoder, name, label, report));
                }
            });
        }
    }

    private static void RunCase(FixtureFolder folder, ClipVisionEncoder encoder, string name, string label, VerificationReport report)
    {
        Tensor[] pixels =
        [
            .. folder.Matches($@"^{Regex.Escape(name)}\.x(\d+)$")
                .Select(match => encoder.Preprocess(folder[match.Value].unsqueeze(0))), // [1, 3, S, S]
        ];
        report.Compare($"{name}.pixels [{label}]", cat(pixels, 0), folder[$"{name}.pixels"], VerificationTolerances.Output);
        Tensor output = encoder.Forward(folder[$"{name}.pixels"], (activation, actual) =>
        {
            string tensor = $"{name}.dbg.{activation}";
            if (folder.Has(tensor))
            {
                report.Compare($"{tensor} [{label}]", actual, folder[tensor], VerificationTolerances.Output);
            }
        });
        report.Compare($"{name}.out [{label}]", output, folder[$"{name}.out"], VerificationTolerances.Output);
    }
}
