namespace MedGen.Model.Adapters;

/// <summary>The parts of a low-rank update.</summary>
internal enum AdapterRole
{
    /// <summary>[rank, in]: <c>lora_A</c> or <c>lora_down</c>.</summary>
    Down,

    /// <summary>[out, rank]: <c>lora_B</c> or <c>lora_up</c>.</summary>
    Up,

    /// <summary>Scalar; the update is multiplied by alpha / rank.</summary>
    Alpha,
}
