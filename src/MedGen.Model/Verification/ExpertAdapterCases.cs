using System.Text.RegularExpressions;
using MedGen.Model.Adapters;
using MedGen.Model.Checkpoints;
using MedGen.Model.Pipelines;
using MedGen.Model.Transformers;
using MedGen.Sdk.Generation;
using MedGen.Torch.Safetensors;
using static TorchSharp.torch;

namespace MedGen.Model.Verification;

/// <summary>
/// Adapters for a model with two experts: cases in a file <c>*_cases.safetensors</c> with <c>high.t</c>, <c>high.base.out</c>,
/// <c>high.scale&lt;S&gt;.out</c> and the same of <c>low</c>; files with keys for both, or with <c>high</c> or <c>low</c> in their names.
/// </summary>
internal static class ExpertAdapterCases
{
    /// <summary>Compares what the folder has of it.</summary>
    /// <returns>The adapter files that are for experts.</returns>
    public static string[] Run(FixtureFolder folder, VerificationReport report)
    {
        if (Directory.EnumerateFiles(folder.FullPath, "*_cases.safetensors").Order(StringComparer.Ordinal).FirstOrDefault() is not { } casesPath)
        {
            return [];
        }

        List<string> files = [];
        report.Try(Path.GetFileName(casesPath), () =>
        {
            using SafetensorsFile cases = SafetensorsFile.Open(casesPath);
            if (BaseModels.Experts(folder) is not { } models)
            {
                report.Fail(
                    Path.GetFileName(casesPath),
                    "There is no model with two experts: expected a14b/pipeline/models beside a folder above, or --base.");
                return;
            }

            ModelFolder model = ModelFolder.Open(models);
            using WanTransformer high = model.OpenTransformer(CPU, ScalarType.Float32);
            using WanTransformer low = model.OpenLowNoiseTransformer(CPU, ScalarType.Float32)!;
            foreach (string path in folder.AdapterFiles)
            {
                using SafetensorsFile file = SafetensorsFile.Open(path);
                if (!IsOfExperts(path, file))
                {
                    continue;
                }

                files.Add(path);
                report.Try(Path.GetFileName(path), () =>
                {
                    using LoraAdapter adapter = LoraAdapter.Load(file, high.Shapes, CPU, ScalarType.Float32);
                    AdapterExpert? expert = AdapterPlacement.ExpertOf(adapter.Name, adapter);
                    Compare(cases, "high", high, expert == AdapterExpert.LowNoise ? null : adapter, report);
                    Compare(cases, "low", low, expert == AdapterExpert.HighNoise ? null : adapter.LowNoise ?? adapter, report);
                });
            }
        });
        return [.. files];
    }

    private static bool IsOfExperts(string path, SafetensorsFile file) =>
        file.Tensors.Keys.Any(key => key.StartsWith("transformer_2.", StringComparison.Ordinal))
        || AdapterPlacement.ExpertByName(Path.GetFileNameWithoutExtension(path)) is not null;

    private static void Compare(SafetensorsFile cases, string expert, WanTransformer transformer, LoraAdapter? adapter, VerificationReport report)
    {
        if (adapter is null)
        {
            return;
        }

        foreach (Match match in cases.Tensors.Keys.Select(name => Regex.Match(name, $@"^{expert}(?:\.base|{LoraFixture.Scale})\.out$"))
            .Where(match => match.Success))
        {
            AdapterSet? adapters = match.Groups[1].Success ? new AdapterSet((adapter, LoraFixture.ScaleOf(match.Groups[1]))) : null;
            Tensor actual = transformer.ForwardEach(
                [cases.Read("x")], cases.Read($"{expert}.t"), [cases.Read("context")], adapters: adapters)[0];
            report.Compare($"{match.Value} [{adapter.Name}]", actual, cases.Read(match.Value), VerificationTolerances.Output);
        }
    }
}
