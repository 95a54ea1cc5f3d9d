using System.Diagnostics;
using MedGen.Sdk.Errors;
using MedGen.Model.Checkpoints;
using MedGen.Torch.Operations;
using static TorchSharp.torch;

namespace MedGen.Model.Inspection;

/// <summary>Loads what a model folder holds, and measures.</summary>
public static class ModelLoad
{
    /// <summary>Loads every part that is there and lets it go again.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="dataType">auto, float32 or bfloat16, of transformer and text encoder; the autoencoder computes in float32.</param>
    /// <returns>Time and memory.</returns>
    /// <exception cref="ModelFormatException">There is no model, or its weights do not fit.</exception>
    /// <exception cref="InvalidInputException">The number type is not allowed.</exception>
    public static LoadReport Measure(string path, string dataType = NumberType.Auto)
    {
        ScalarType type = NumberType.Parse(dataType, CPU);
        List<IDisposable> parts = [];
        try
        {
            long before = Environment.WorkingSet;
            long start = Stopwatch.GetTimestamp();
            ModelFolder folder = ModelFolder.Open(path);
            long weights = 0;
            if (folder.Files.Transformer.Count > 0)
            {
                weights += Keep(folder.OpenTransformer(CPU, type), part => part.WeightBytes);
            }

            if (folder.Files.TextEncoder.Count > 0)
            {
                weights += Keep(folder.OpenTextEncoder(CPU, type), part => part.WeightBytes);
            }

            if (folder.Files.Autoencoder is not null)
            {
                weights += Keep(folder.OpenAutoencoder(CPU, ScalarType.Float32), part => part.WeightBytes);
            }

            if (folder.Files.LowNoiseTransformer.Count > 0)
            {
                weights += Keep(folder.OpenLowNoiseTransformer(CPU, type)!, part => part.WeightBytes);
            }

            if (folder.Files.ImageEncoder.Count > 0)
            {
                weights += Keep(folder.OpenImageEncoder(CPU, type), part => part.WeightBytes);
            }

            return new LoadReport
            {
                Seconds = Stopwatch.GetElapsedTime(start).TotalSeconds,
                WeightBytes = weights,
                ResidentBytes = Math.Max(0, Environment.WorkingSet - before),
            };
        }
        finally
        {
            parts.ForEach(part => part.Dispose());
        }

        long Keep<T>(T part, Func<T, long> bytes)
            where T : IDisposable
        {
            parts.Add(part);
            return bytes(part);
        }
    }
}
