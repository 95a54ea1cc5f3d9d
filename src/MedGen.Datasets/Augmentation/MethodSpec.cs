using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using MedGen.Sdk.Augmentation;

namespace MedGen.Datasets.Augmentation;

/// <summary>A method and its share of the clips.</summary>
public sealed record MethodSpec
{
    /// <summary>Name of a method that the augmenter offers, for instance classic, prompted, variation, adapted, phantom.</summary>
    public required string Type { get; init; }

    /// <summary>Share beside the other methods' weights, 0.000001 to 1,000,000. Default 1.</summary>
    [Range(1e-6, 1e6)]
    public double Weight { get; init; } = 1;

    /// <summary>Options of the method; the augmenter checks them.</summary>
    public JsonElement? Options { get; init; }

    /// <summary>As the augmenter takes it.</summary>
    internal AugmentationMethod ToMethod() => new() { Name = Type, Options = Options?.GetRawText() ?? "{}" };
}
