using System.Globalization;
using System.Text.RegularExpressions;
using MedGen.Model.Adapters;
using MedGen.Model.Transformers;
using MedGen.Torch.Safetensors;
using static TorchSharp.torch;

namespace MedGen.Model.Verification;

/// <summary>
/// Adapter files over the transformer in this folder or in the <c>transformer</c> folder beside it; outputs
/// <c>&lt;family&gt;.scale&lt;S&gt;.out</c>, family <c>kohya</c> for files with <c>lora_down</c> keys, <c>peft</c> for <c>lora_A</c> keys, or the
/// name of one file.
/// </summary>
internal sealed class LoraFixture : IPartFixture
{
    private const string ScalePattern = @"\.scale(-?[\d.]+(?:[eE][-+]?\d+)?)\.out$";

    public string Part => "lora";

    public bool Recognises(FixtureFolder folder) => folder.Matches(ScalePattern).Count > 0;

    public void Run(FixtureFolder folder, VerificationReport report)
    {
        using var beside = new FixtureFolder(Path.Combine(folder.FullPath, "..", "transformer"));
        FixtureFolder home = folder.Weights.Count > 0 ? folder : beside;
        if (!Directory.Exists(home.FullPath) || home.Weights is not [FixtureWeights weights, ..])
        {
            report.Fail(folder.Name, "There are no base weights: neither model*.safetensors in this folder nor a folder 'transformer' beside it.");
            return;
        }

        using WanTransformer transformer = TransformerFixture.Load(home, weights);
        if (folder.Has("base.out"))
        {
            report.Try(
                "base.out", () => report.Compare("base.out", Forward(folder, transformer, null), folder["base.out"], VerificationTolerances.Output));
        }

        foreach (string path in folder.AdapterFiles)
        {
            report.Try(Path.GetFileName(path), () => RunAdapter(folder, transformer, path, report));
        }
    }

    private static void RunAdapter(FixtureFolder folder, WanTransformer transformer, string path, VerificationReport report)
    {
        string label = Path.GetFileName(path);
        using SafetensorsFile file = SafetensorsFile.Open(path);
        using LoraAdapter adapter = LoraAdapter.Load(file, transformer.Shapes, CPU, ScalarType.Float32);
        string family = file.Tensors.Keys.Any(key => key.Contains("lora_down", StringComparison.Ordinal)) ? "kohya" : "peft";
        string own = Path.GetFileNameWithoutExtension(path);
        int compared = 0;
        foreach (Match match in folder.Matches($"^(.+){ScalePattern}"))
        {
            string name = match.Groups[1].Value;
            if (name == family || name == own || $"lora_{name}" == own)
            {
                double scale = double.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture);
                Tensor output = Forward(folder, transformer, new AdapterSet((adapter, scale)));
                report.Compare($"{match.Value} [{label}]", output, folder[match.Value], VerificationTolerances.Output);
                compared++;
            }
        }

        if (compared == 0)
        {
            report.Fail(label, $"There is no output for this file: expected {family}.scale1.out or {own}.scale1.out.");
        }
    }

    private static Tensor Forward(FixtureFolder folder, WanTransformer transformer, AdapterSet? adapters) => transformer.ForwardEach(
        [folder["x"]], folder["t"], [folder["context"]], folder.Has("seq_len") ? (int)folder.Number("seq_len") : null, adapters)[0];
}
