using System.Globalization;
using System.Text.RegularExpressions;
using MedGen.Model.Adapters;
using MedGen.Model.Transformers;
using MedGen.Torch.Safetensors;
using static TorchSharp.torch;

namespace MedGen.Model.Verification;

/// <summary>
/// Adapter files over the transformer in this folder or a base that <see cref="BaseModels"/> finds; outputs <c>&lt;family&gt;.scale&lt;S&gt;.out</c>
/// and weights <c>.scale&lt;S&gt;.weight.&lt;name&gt;</c>, family <c>kohya</c> for files with <c>lora_down</c> keys, <c>peft</c> for <c>lora_A</c>
/// keys, or the name of one file. Files for two experts are <see cref="ExpertAdapterCases"/>.
/// </summary>
internal sealed class LoraFixture : IPartFixture
{
    internal const string Scale = @"\.scale(-?[\d.]+(?:[eE][-+]?\d+)?)";

    // The same adapter as another program writes it has the outputs of the first.
    private static readonly Dictionary<string, string> Twins = new(StringComparer.Ordinal) { ["dora_peft"] = "dora_out" };

    public string Part => "lora";

    public bool Recognises(FixtureFolder folder) => folder.Matches($@"{Scale}\.out$").Count > 0;

    public void Run(FixtureFolder folder, VerificationReport report)
    {
        string[] ofExperts = ExpertAdapterCases.Run(folder, report);
        FixtureFolder? other = null;
        FixtureWeights? weights = folder.Weights is [FixtureWeights own, ..] ? own : BaseModels.Transformer(folder, out other);
        using FixtureFolder? home = other;
        if (weights is null)
        {
            report.Fail(
                folder.Name,
                "There are no base weights: neither model*.safetensors in this folder nor a folder 'transformer' or 'goldens/transformer' beside it "
                    + "or above. Name one with --base.");
            return;
        }

        using WanTransformer transformer = TransformerFixture.Load(home ?? folder, weights);
        Inputs inputs = folder.Has("x")
            ? new Inputs(folder["x"], folder["t"], folder["context"], folder.Has("seq_len") ? (int)folder.Number("seq_len") : null)
            : new Inputs(home!["a.x0"], home["a.t"], home["a.context0"], (int)home.Number("a.seq_len"));
        if (folder.Has("base.out"))
        {
            report.Try(
                "base.out", () => report.Compare("base.out", inputs.Forward(transformer, null), folder["base.out"], VerificationTolerances.Output));
        }

        foreach (string path in folder.AdapterFiles.Except(ofExperts))
        {
            report.Try(Path.GetFileName(path), () => RunAdapter(folder, transformer, inputs, path, report));
        }
    }

    internal static double ScaleOf(Group group) => double.Parse(group.Value, CultureInfo.InvariantCulture);

    private static void RunAdapter(
        FixtureFolder folder, WanTransformer transformer, Inputs inputs, string path, VerificationReport report)
    {
        string label = Path.GetFileName(path);
        using SafetensorsFile file = SafetensorsFile.Open(path);
        using LoraAdapter adapter = LoraAdapter.Load(file, transformer.Shapes, CPU, ScalarType.Float32);
        string family = file.Tensors.Keys.Any(key => key.Contains("lora_down", StringComparison.Ordinal)) ? "kohya" : "peft";
        string own = Path.GetFileNameWithoutExtension(path);
        int compared = 0;
        foreach (Match match in folder.Matches($@"^(.+?){Scale}\.(?:out|weight\.(.+))$").Where(match => IsOf(match.Groups[1].Value)))
        {
            AdapterSet adapters = new((adapter, ScaleOf(match.Groups[2])));
            string parameter = match.Groups[3].Value;
            Tensor actual = parameter.Length == 0
                ? inputs.Forward(transformer, adapters)
                : adapters.Merge(parameter, transformer.Parameters[parameter].Read(ScalarType.Float32));
            report.Compare($"{match.Value} [{label}]", actual, folder[match.Value], VerificationTolerances.Output);
            compared++;
        }

        if (compared == 0)
        {
            report.Fail(label, $"There is no output for this file: expected {family}.scale1.out or {own}.scale1.out.");
        }

        bool IsOf(string name) => name == family || name == own || name == Twins.GetValueOrDefault(own) || $"lora_{name}" == own;
    }

    // Of the folder, or of the first case of the base.
    private sealed record Inputs(Tensor Latents, Tensor Timestep, Tensor Context, int? SequenceLength)
    {
        public Tensor Forward(WanTransformer transformer, AdapterSet? adapters) =>
            transformer.ForwardEach([Latents], Timestep, [Context], SequenceLength, adapters)[0];
    }
}
