using System.Globalization;
using MedGen.Bench.Forward;
using MedGen.Model.Inspection;
using MedGen.Model.Transformers;
using MedGen.Torch.Safetensors;
using static TorchSharp.torch;

namespace MedGen.Bench;

/// <summary>Loads a transformer of the 1.3B model's dimensions, 2.8 GB of random bfloat16 in a temporary folder whose pages the system has just cached.</summary>
internal static class LoadBenchmark
{
    private const int Rounds = 3;

    public static int Run()
    {
        string folder = Directory.CreateTempSubdirectory("medgen-bench-").FullName;
        try
        {
            using (RandomWeights weights = new(ScalarType.BFloat16))
            {
                WanTransformer.Load(weights.Reader, WanTransformerConfig.T2V1Point3B, CPU, ScalarType.BFloat16).Dispose();
                SafetensorsWriter.Write(Path.Combine(folder, "diffusion_pytorch_model.safetensors"), weights.All);
            }

            for (int round = 0; round < Rounds; round++)
            {
                double processor = Environment.CpuUsage.TotalTime.TotalSeconds;
                LoadReport report = ModelLoad.Measure(folder);
                processor = Environment.CpuUsage.TotalTime.TotalSeconds - processor;
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{report.WeightBytes / 1e9:0.00} GB of weights: {report.Seconds:0.00} s, {processor:0.00} s of processor time; resident memory grew by {report.ResidentBytes / 1e6:0} MB, {100.0 * report.ResidentBytes / report.WeightBytes:0.0} %"));
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        return 0;
    }
}
