using System.Text.Json;
using MedGen.Datasets.Specifications;
using MedGen.Sdk.Errors;

namespace MedGen.Curation.Networks;

/// <summary>
/// A linear layer over the frozen features of the modality network: the probability that a frame shows what a medical device or operation shows, and
/// no everyday picture, text, chart or drawing. How good it is on sources never seen: docs/curation.md.
/// </summary>
public sealed record MedicalHead
{
    /// <summary>SHA-256 of the weights file whose backbone gave the features, lower-case hex.</summary>
    public required string FeaturesSha256 { get; init; }

    /// <summary>A weight for each feature.</summary>
    public required IReadOnlyList<float> Weights { get; init; }

    /// <summary>The bias.</summary>
    public required float Bias { get; init; }

    /// <summary>The shipped one.</summary>
    /// <returns>The head.</returns>
    public static MedicalHead Shipped()
    {
        using Stream stream = typeof(MedicalHead).Assembly.GetManifestResourceStream("medical-head.json")!;
        using MemoryStream bytes = new();
        stream.CopyTo(bytes);
        return SpecificationJson.Parse<MedicalHead>(bytes.ToArray(), "medical-head.json");
    }

    /// <summary>Writes it as it is read.</summary>
    /// <returns>JSON on one line.</returns>
    public string ToJson() => JsonSerializer.Serialize(this, SpecificationJson.Options) + "\n";

    /// <summary>The probability that a frame is medical.</summary>
    /// <param name="features">Its features, as many as weights.</param>
    /// <returns>0 to 1.</returns>
    /// <exception cref="ModelFormatException">There are more or fewer features than weights.</exception>
    public double Probability(ReadOnlySpan<float> features)
    {
        if (features.Length != Weights.Count)
        {
            throw new ModelFormatException("medical-head.json", $"The head has {Weights.Count} weights, and the network {features.Length} features.");
        }

        double sum = Bias;
        for (int i = 0; i < features.Length; i++)
        {
            sum += (double)Weights[i] * features[i];
        }

        return 1 / (1 + Math.Exp(-sum));
    }
}
