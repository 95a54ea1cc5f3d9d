using MedGen.Sdk.Models;
using MedGen.Model.Adapters;

namespace MedGen.Runtime.Adapters;

/// <summary>An adapter on the device and how many sessions use it.</summary>
internal sealed class ResidentAdapter
{
    public required LoraAdapter Adapter { get; init; }

    public required AdapterDescription Description { get; init; }

    public int Users { get; set; }

    /// <summary>Counts up with every use: the smallest was used longest ago.</summary>
    public long LastUse { get; set; }
}
