using System.Text.Json;
using MedGen.Model.Checkpoints;
using MedGen.Model.Transformers;
using static TorchSharp.torch;

namespace MedGen.Model.Verification;

/// <summary>Cases <c>&lt;case&gt;.x0, .context0, .t, .seq_len</c> → <c>.out0</c>, in batches of any size.</summary>
internal sealed class TransformerFixture : IPartFixture
{
    public string Part => "transformer";

    public bool Recognises(FixtureFolder folder) => folder.Matches(@"\.context\d+$").Count > 0;

    public void Run(FixtureFolder folder, VerificationReport report)
    {
        foreach (string file in folder.WeightFiles)
        {
            string label = Path.GetFileName(file);
            report.Try(label, () =>
            {
                using WanTransformer transformer = Load(folder, file);
                foreach (string name in folder.Matches(@"^(.+)\.x0$").Select(match => match.Groups[1].Value))
                {
                    report.Try($"{name} [{label}]", () => RunCase(folder, transformer, name, label, report));
                }
            });
        }
    }

    /// <summary>Loads a weight file with its config; what diffusers' config leaves out comes from the other files of the folder.</summary>
    internal static WanTransformer Load(FixtureFolder folder, string file) =>
        ModelFolder.LoadTransformer([file], folder.ConfigOf(file), null, CPU, ScalarType.Float32, TextLength(folder));

    private static void RunCase(FixtureFolder folder, WanTransformer transformer, string name, string label, VerificationReport report)
    {
        int items = folder.TensorNames.Count(tensor => tensor.StartsWith($"{name}.x", StringComparison.Ordinal) && int.TryParse(tensor[(name.Length + 2)..], out _));
        int? sequenceLength = folder.Has($"{name}.seq_len") ? (int)folder[$"{name}.seq_len"].item<long>() : null;
        Tensor timesteps = folder[$"{name}.t"];
        IReadOnlyList<Tensor> outputs = transformer.Forward(
            [.. Enumerable.Range(0, items).Select(i => folder[$"{name}.x{i}"])],
            timesteps,
            [.. Enumerable.Range(0, items).Select(i => folder[$"{name}.context{i}"])],
            sequenceLength);
        for (int i = 0; i < items; i++)
        {
            report.Compare($"{name}.out{i} [{label}]", outputs[i], folder[$"{name}.out{i}"], VerificationTolerances.Output);
        }

        (Tensor e, Tensor e0) = transformer.EmbedTime(timesteps, null);
        CompareInner("e", e);
        CompareInner("e0", e0);

        void CompareInner(string activation, Tensor actual)
        {
            if (folder.Has($"{name}.dbg.{activation}"))
            {
                report.Compare($"{name}.dbg.{activation} [{label}]", actual, folder[$"{name}.dbg.{activation}"], VerificationTolerances.Output);
            }
        }
    }

    private static int TextLength(FixtureFolder folder)
    {
        foreach (string path in Directory.EnumerateFiles(folder.FullPath, "config*.json"))
        {
            using JsonDocument config = JsonDocument.Parse(File.ReadAllBytes(path));
            if (config.RootElement.TryGetProperty("text_len", out JsonElement length))
            {
                return length.GetInt32();
            }
        }

        string? embedded = folder.TensorNames.FirstOrDefault(name => name.EndsWith(".dbg.text_embedding", StringComparison.Ordinal));
        return embedded is null ? new WanTransformerConfig { Dim = 0, FfnDim = 0, NumHeads = 0, NumLayers = 0 }.TextLength : (int)folder[embedded].shape[1];
    }
}
