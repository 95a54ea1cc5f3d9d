namespace MedGen.Model.Adapters;

/// <summary>What a tensor of an adapter file is to the module that it names.</summary>
internal enum AdapterRole
{
    /// <summary>[rank, in]: <c>lora_A</c> or <c>lora_down</c>.</summary>
    Down,

    /// <summary>[out, rank]: <c>lora_B</c> or <c>lora_up</c>.</summary>
    Up,

    /// <summary>Scalar; the update is multiplied by alpha / rank.</summary>
    Alpha,

    /// <summary>[out, 1] or [1, in]: <c>dora_scale</c>; [out]: <c>lora_magnitude_vector</c>.</summary>
    Magnitude,

    /// <summary><c>hada_w1_a</c>, [out, rank].</summary>
    HadamardA1,

    /// <summary><c>hada_w1_b</c>, [rank, in].</summary>
    HadamardB1,

    /// <summary><c>hada_w2_a</c>, [out, rank].</summary>
    HadamardA2,

    /// <summary><c>hada_w2_b</c>, [rank, in].</summary>
    HadamardB2,

    /// <summary><c>lokr_w1</c>, whole.</summary>
    KroneckerFirst,

    /// <summary><c>lokr_w1_a</c>.</summary>
    KroneckerFirstA,

    /// <summary><c>lokr_w1_b</c>.</summary>
    KroneckerFirstB,

    /// <summary><c>lokr_w2</c>, whole.</summary>
    KroneckerSecond,

    /// <summary><c>lokr_w2_a</c>.</summary>
    KroneckerSecondA,

    /// <summary><c>lokr_w2_b</c>.</summary>
    KroneckerSecondB,

    /// <summary><c>diff</c>: a difference of the weight; no alpha.</summary>
    Difference,

    /// <summary><c>diff_b</c>: a difference of the bias; no alpha.</summary>
    BiasDifference,

    /// <summary><c>diff_m</c>: a difference of the modulation; no alpha.</summary>
    ModulationDifference,
}
