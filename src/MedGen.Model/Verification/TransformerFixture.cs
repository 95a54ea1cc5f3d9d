using System.Text.Json;
using MedGen.Model.Checkpoints;
using MedGen.Model.Transformers;
using static TorchSharp.torch;

namespace MedGen.Model.Verification;

/// <summary>
/// Cases <c>&lt;case&gt;.x0, .context0, .t, .seq_len</c>, of image to video also <c>.y0, .clip_fea0</c>, → <c>.out0</c>, in batches of any size, with
/// what lies between (<c>.dbg.*</c>).
/// </summary>
internal sealed class TransformerFixture : IPartFixture
{
    public string Part => "transformer";

    public bool Recognises(FixtureFolder folder) => folder.Matches(@"\.context\d+$").Count > 0;

    public void Run(FixtureFolder folder, VerificationReport report)
    {
        foreach (FixtureWeights weights in folder.Weights)
        {
            report.Try(weights.Label, () =>
            {
                using WanTransformer transformer = Load(folder, weights);
                foreach (string name in folder.Matches(@"^(.+)\.x0$").Select(match => match.Groups[1].Value))
                {
                    report.Try($"{name} [{weights.Label}]", () => RunCase(folder, transformer, name, weights.Label, report));
                }
            });
        }
    }

    /// <summary>Loads weights with their config; what diffusers' config leaves out comes from the other files of the folder.</summary>
    internal static WanTransformer Load(FixtureFolder folder, FixtureWeights weights) =>
        ModelFolder.LoadTransformer(weights.Files, weights.Config, null, CPU, ScalarType.Float32, TextLength(folder));

    private static void RunCase(FixtureFolder folder, WanTransformer transformer, string name, string label, VerificationReport report)
    {
        int items = Enumerable.Range(0, int.MaxValue).First(i => !folder.Has($"{name}.x{i}"));
        int? sequenceLength = folder.Has($"{name}.seq_len") ? (int)folder.Number($"{name}.seq_len") : null;
        Tensor timesteps = folder[$"{name}.t"];
        Tensor[] latents = [.. Enumerable.Range(0, items).Select(i => folder[$"{name}.x{i}"])];
        Tensor[] contexts = [.. Enumerable.Range(0, items).Select(i => folder[$"{name}.context{i}"])];
        Tensor[]? conditions = Each("y");
        Tensor[]? images = Each("clip_fea");
        IReadOnlyList<Tensor> outputs = transformer.ForwardEach(
            latents, timesteps, contexts, sequenceLength, conditions: conditions, images: images);
        for (int i = 0; i < items; i++)
        {
            report.Compare($"{name}.out{i} [{label}]", outputs[i], folder[$"{name}.out{i}"], VerificationTolerances.Output);
        }

        if (folder.Matches($@"^{System.Text.RegularExpressions.Regex.Escape(name)}\.dbg\.").Count == 0)
        {
            return;
        }

        for (int i = 0; i < items; i++)
        {
            int item = i;
            ForwardContext context = new()
            {
                Observe = (activation, actual) => CompareInner(activation, actual, item), Condition = conditions?[i].unsqueeze(0),
            };
            using TextContext text = transformer.PrepareText([contexts[i]], context, images?[i].unsqueeze(0));
            Tensor latent = latents[i].unsqueeze(0);
            transformer.Forward(latent, ReferenceCall.Of(timesteps, i, transformer.TokensOf(latent)), text, context);
        }

        Tensor[]? Each(string input) =>
            folder.Has($"{name}.{input}0") ? [.. Enumerable.Range(0, items).Select(i => folder[$"{name}.{input}{i}"])] : null;

        void CompareInner(string activation, Tensor actual, int item)
        {
            string tensor = $"{name}.dbg.{activation}";
            if (activation == "tokens" && item == 0 && folder.Has($"{name}.dbg.patch_embedding"))
            {
                Tensor volume = folder[$"{name}.dbg.patch_embedding"]; // [1, dim, f, h, w]
                report.Compare($"{name}.dbg.patch_embedding [{label}]", actual, volume.flatten(2).transpose(1, 2), VerificationTolerances.Output);
            }

            bool isPerItem = activation is not ("rope_cos" or "rope_sin");
            if (!folder.Has(tensor) || !(isPerItem || item == 0))
            {
                return;
            }

            Tensor expected = folder[tensor];
            if (activation == "text_embedding")
            {
                // One row stands for all rows of padding.
                long last = actual.shape[1] - 1;
                actual = cat([actual, actual.narrow(1, last, 1).expand(1, transformer.Config.TextLength - last - 1, -1)], 1); // [1, text_len, dim]
            }

            if (isPerItem && expected.dim() > 1 && expected.shape[0] == items)
            {
                expected = expected.narrow(0, item, 1);
                if (expected.dim() > 2 && expected.shape[1] > actual.shape[1])
                {
                    expected = expected.narrow(1, 0, actual.shape[1]); // without the padding tokens
                }
            }

            report.Compare($"{tensor}{(items > 1 && isPerItem ? $"[{item}]" : "")} [{label}]", actual, expected, VerificationTolerances.Output);
        }
    }

    private static int TextLength(FixtureFolder folder)
    {
        foreach (string path in Directory.EnumerateFiles(folder.FullPath, "config*.json").Order(StringComparer.Ordinal))
        {
            using JsonDocument config = JsonDocument.Parse(File.ReadAllBytes(path));
            if (config.RootElement.TryGetProperty("text_len", out JsonElement length))
            {
                return length.GetInt32();
            }
        }

        string? embedded = folder.TensorNames.FirstOrDefault(name => name.EndsWith(".dbg.text_embedding", StringComparison.Ordinal));
        return embedded is null
            ? new WanTransformerConfig { Dim = 0, FfnDim = 0, NumHeads = 0, NumLayers = 0 }.TextLength
            : (int)folder[embedded].shape[1];
    }
}
