using MedGen.Model.Adapters;
using static TorchSharp.torch;

namespace MedGen.Model.Transformers;

/// <summary>What a forward of the transformer takes beside latents, timesteps and text.</summary>
public sealed record ForwardContext
{
    /// <summary>Neither adapters nor anything else.</summary>
    public static ForwardContext Plain { get; } = new();

    /// <summary>Adapters that change weights; null: none.</summary>
    public AdapterSet? Adapters { get; init; }

    /// <summary>
    /// What the clip begins with, joined to the latents' channels (<see cref="WanTransformerConfig.ConditionChannels"/>), [B, C, F, H, W]; null:
    /// nothing. Owned by who made the context.
    /// </summary>
    internal Tensor? Condition { get; init; }

    /// <summary>Told of each inner result by the reference's name for it, for instance <c>block0.norm1</c>; null: nobody looks.</summary>
    internal Action<string, Tensor>? Observe { get; init; }

    /// <summary>Keeps what the blocks add, and adds it again; null: neither.</summary>
    internal BlockResidual? Residual { get; init; }

    /// <summary>A weight that is no linear's as the adapters have it.</summary>
    internal Tensor Changed(string parameter, Tensor value) => Adapters?.Changed(parameter, value) ?? value;

    /// <summary>The same for one block, whose results are told with its name before theirs.</summary>
    internal ForwardContext In(int block) =>
        Observe is { } observe ? this with { Observe = (name, result) => observe($"block{block}.{name}", result) } : this;
}

/// <summary>
/// What all blocks together added to the tokens in the last forward that computed them, and whether the next one shall add it again instead.
/// </summary>
internal sealed class BlockResidual : IDisposable
{
    private Tensor? _value; // [B, S, dim], float32

    /// <summary>Whether the next forward shall reuse the value; it computes while there is none.</summary>
    public bool Reuse { get; set; }

    /// <summary>Whether the next forward will.</summary>
    public bool WillReuse => Reuse && _value is not null;

    /// <summary>Adds the value, or computes the blocks and keeps what they added.</summary>
    /// <param name="x">The tokens before the blocks, [B, S, dim].</param>
    /// <param name="blocks">Computes the tokens behind the blocks; may change x.</param>
    /// <returns>The tokens behind the blocks, [B, S, dim].</returns>
    public Tensor Add(Tensor x, Func<Tensor, Tensor> blocks)
    {
        if (WillReuse)
        {
            return x + _value!; // [B, S, dim]
        }

        using Tensor before = x.clone(); // [B, S, dim]
        Tensor after = blocks(x); // [B, S, dim]
        _value?.Dispose();
        _value = (after - before).DetachFromDisposeScope();
        return after;
    }

    public void Dispose() => _value?.Dispose();
}
