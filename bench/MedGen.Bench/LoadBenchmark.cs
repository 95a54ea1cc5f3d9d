using System.Globalization;
using MedGen.Bench.Forward;
using MedGen.Model.Checkpoints;
using MedGen.Model.Conversion;
using MedGen.Model.Inspection;
using MedGen.Model.Transformers;
using MedGen.Torch.Safetensors;
using static TorchSharp.torch;

namespace MedGen.Bench;

/// <summary>
/// Loads a transformer of the 1.3B model's dimensions, random weights in a temporary folder whose pages the system has just cached: in bfloat16, in fp8
/// with scales, and in GGUF's Q8_0; then takes one small forward, behind which all weights have been used.
/// </summary>
internal static class LoadBenchmark
{
    private const int Rounds = 3;

    public static int Run()
    {
        string folder = Directory.CreateTempSubdirectory("medgen-bench-").FullName;
        try
        {
            string plain = Path.Combine(folder, "bfloat16", "diffusion_pytorch_model.safetensors");
            string scaled = Path.Combine(folder, "fp8 scaled", "model.safetensors");
            string blocks = Path.Combine(folder, "GGUF Q8_0", "model.gguf");
            foreach (string path in new[] { plain, scaled, blocks })
            {
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            }

            using (RandomWeights weights = new(ScalarType.BFloat16))
            {
                WanTransformer.Load(weights.Reader, WanTransformerConfig.T2V1Point3B, CPU, ScalarType.BFloat16).Dispose();
                SafetensorsWriter.Write(plain, weights.All);
                RandomGguf.Write(blocks, weights.All.ToDictionary(pair => pair.Key, pair => pair.Value.shape));
            }

            ModelConversion.Run(plain, scaled, ConversionLayout.ComfyUI, SafetensorsDataType.F8E4M3);
            Console.WriteLine("| form | file, GB | load, s | resident behind loading, MB | resident behind a forward / file |\n|---|---|---|---|---|");
            foreach (string path in new[] { plain, scaled, blocks })
            {
                Measure(Path.GetDirectoryName(path)!, new FileInfo(path).Length);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        return 0;
    }

    private static void Measure(string folder, long fileBytes)
    {
        LoadReport[] reports = [.. Enumerable.Range(0, Rounds).Select(_ => ModelLoad.Measure(folder, "bfloat16"))];
        LoadReport report = reports.OrderBy(report => report.Seconds).ElementAt(Rounds / 2);
        long before = ProcessMemory.Resident;
        using WanTransformer transformer = ModelFolder.Open(folder).OpenTransformer(CPU, ScalarType.BFloat16);
        Forward(transformer);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {Path.GetFileName(folder)} | {fileBytes / 1e9:0.00} | {report.Seconds:0.00} | {report.ResidentBytes / 1e6:0} | {(double)(ProcessMemory.Resident - before) / fileBytes:0.00} |"));
    }

    // 16 tokens.
    private static void Forward(WanTransformer transformer)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        using TextContext text = transformer.PrepareText([randn([8, transformer.Config.TextDim])]);
        transformer.Forward(randn([1, transformer.Config.InChannels, 1, 8, 8]), tensor(new[] { 500f }), text);
    }
}
