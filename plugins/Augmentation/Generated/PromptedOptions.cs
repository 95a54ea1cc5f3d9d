using System.ComponentModel;
using MedGen.Sdk.Augmentation;

namespace MedGen.Plugins.Augmentation.Generated;

/// <summary>Options of the method <c>prompted</c>, those of <c>animate</c>, and the larger part of those of <c>variation</c>.</summary>
internal record PromptedOptions : GeneratedOptions
{
    [Description("Name of an adapter (LoRA) that the host has.")]
    public string? Adapter { get; init; }

    /// <summary>What the host must have.</summary>
    public AdapterNeed? ToNeed() => Adapter is null ? null : new NamedAdapter { Name = Adapter };
}
