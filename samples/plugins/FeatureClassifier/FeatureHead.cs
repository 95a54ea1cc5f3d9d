using System.Buffers.Binary;
using System.Text;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Models;
using MedGen.Sdk.Plugins;
using TorchSharp;

namespace FeatureClassifier;

/// <summary>
/// A linear layer over features of the host's model: mean and standard deviation of each channel of its latents. The file is the hash of the model
/// that it was fitted to (64 characters), then float32 numbers in little endian, [labels, 2 · channels + 1], the last of each row the bias.
/// </summary>
/// <param name="ModelHash">Hash of the model.</param>
/// <param name="Numbers">[labels, inputs + 1], row-major.</param>
internal sealed record FeatureHead(string ModelHash, float[] Numbers)
{
    private const string File = "weights/head.bin";
    private const int HashLength = 64;

    /// <summary>Reads the head; its hash has been compared with the manifest's by then.</summary>
    /// <param name="context">Where it lies.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async Task<FeatureHead> ReadAsync(PluginContext context, CancellationToken cancellationToken)
    {
        await using FileStream file = await context.OpenWeightsAsync(File, cancellationToken);
        byte[] content = new byte[file.Length];
        await file.ReadExactlyAsync(content, cancellationToken);
        float[] numbers = new float[(content.Length - HashLength) / sizeof(float)];
        for (int i = 0; i < numbers.Length; i++)
        {
            numbers[i] = BinaryPrimitives.ReadSingleLittleEndian(content.AsSpan(HashLength + (i * sizeof(float))));
        }

        return new FeatureHead(Encoding.ASCII.GetString(content, 0, HashLength), numbers);
    }

    /// <summary>Mean and standard deviation of each channel.</summary>
    /// <param name="latents">[channels, frames, height, width].</param>
    /// <returns>[2 · channels].</returns>
    public static float[] Pool(ModelFeatures latents)
    {
        int channels = latents.Shape[0];
        int places = latents.Values.Length / channels;
        float[] pooled = new float[2 * channels];
        for (int channel = 0; channel < channels; channel++)
        {
            ReadOnlySpan<float> values = latents.Values.Span.Slice(channel * places, places);
            (double sum, double squares) = (0, 0);
            foreach (float value in values)
            {
                (sum, squares) = (sum + value, squares + ((double)value * value));
            }

            double mean = sum / places;
            (pooled[channel], pooled[channels + channel]) = ((float)mean, (float)Math.Sqrt(Math.Max((squares / places) - (mean * mean), 0)));
        }

        return pooled;
    }

    /// <summary>Makes sure that the head is for a model and its features.</summary>
    /// <exception cref="FailedPreconditionException">It is not.</exception>
    public void Require(string modelHash, int inputs, int labels)
    {
        if (modelHash != ModelHash || Numbers.Length != labels * (inputs + 1))
        {
            throw new FailedPreconditionException(
                "HEAD_OF_ANOTHER_MODEL", $"{File} was fitted to the model {ModelHash[..12]}; the host has {modelHash[..12]}.");
        }
    }

    /// <summary>Probabilities of the labels; only on the device's thread.</summary>
    /// <param name="pooled">[inputs].</param>
    /// <param name="labels">Number of labels.</param>
    /// <param name="device">The device.</param>
    /// <returns>[labels], which sum to 1.</returns>
    public double[] Apply(float[] pooled, int labels, torch.Device device)
    {
        using var scope = torch.NewDisposeScope();
        torch.Tensor head = torch.tensor(Numbers, device: device).reshape(labels, pooled.Length + 1); // [labels, inputs + 1]
        torch.Tensor inputs = torch.cat([torch.tensor(pooled, device: device), torch.ones(1, device: device)]); // [inputs + 1]
        torch.Tensor probabilities = head.matmul(inputs).to_type(torch.ScalarType.Float64).softmax(0); // [labels]
        return probabilities.cpu().data<double>().ToArray();
    }
}
