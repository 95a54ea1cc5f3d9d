using MedGen.Abstractions.Errors;
using MedGen.Model.Adapters;
using MedGen.Model.Parameters;
using static TorchSharp.torch;

namespace MedGen.Model.Transformers;

/// <summary>
/// The diffusion transformer of Wan 2.1 and MedGen (Wan2.1 <c>wan/modules/model.py</c>, arXiv 2503.20314): predicts the velocity of the flow from a noisy latent,
/// a timestep and a text context. Built over given weights. Linears and attention compute in the number type it was loaded with; norms, modulation, time
/// embedding, residual stream and head in float32. Not safe for use from several threads.
/// </summary>
public sealed class WanTransformer : IDisposable
{
    private readonly ParameterSet _parameters;
    private readonly PatchEmbedding _patches;
    private readonly TextEmbedding _text;
    private readonly TimeEmbedding _time;
    private readonly WanTransformerBlock[] _blocks;
    private readonly VelocityHead _head;

    private WanTransformer(ParameterSet parameters, WanTransformerConfig config)
    {
        _parameters = parameters;
        Config = config;
        _patches = new PatchEmbedding(parameters, config);
        _text = new TextEmbedding(parameters, config);
        _time = new TimeEmbedding(parameters, config);
        _blocks = [.. Enumerable.Range(0, config.NumLayers).Select(index => new WanTransformerBlock(parameters, index, config))];
        _head = new VelocityHead(parameters, config);
    }

    /// <summary>Dimensions.</summary>
    public WanTransformerConfig Config { get; }

    /// <summary>The weights by their original Wan names. They belong to the transformer.</summary>
    public IReadOnlyDictionary<string, Tensor> Parameters => _parameters.Tensors;

    /// <summary>Where it computes.</summary>
    public Device Device => _parameters.Device;

    /// <summary>Number type of linears and attention.</summary>
    public ScalarType DataType => _parameters.DataType;

    /// <summary>Shape [out, in] of each linear by module name, for adapters.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<long>> Linears => Parameters
        .Where(pair => pair.Key.EndsWith(".weight", StringComparison.Ordinal) && pair.Value.dim() == 2)
        .ToDictionary(pair => pair.Key[..^".weight".Length], pair => (IReadOnlyList<long>)pair.Value.shape, StringComparer.Ordinal);

    /// <summary>Embeds prompts and computes each block's keys and values of them, once for all steps.</summary>
    /// <param name="contexts">Text encoder rows of each prompt's real tokens, [L, text_dim] with 1 ≤ L ≤ text_len.</param>
    /// <param name="adapters">The adapters that the forwards will use; null: none.</param>
    /// <returns>The prepared text; the caller disposes it.</returns>
    /// <exception cref="InvalidInputException">A context has another shape.</exception>
    public TextContext PrepareText(IReadOnlyList<Tensor> contexts, AdapterSet? adapters = null) => PrepareText(contexts, adapters, observe: null);

    /// <summary>As <see cref="PrepareText(IReadOnlyList{Tensor}, AdapterSet)"/>, with a look inside.</summary>
    /// <param name="contexts">Rows of each prompt.</param>
    /// <param name="adapters">Adapters; null: none.</param>
    /// <param name="observe">Told of <c>text_embedding</c>, [B, rows, dim], where one row stands for all padding.</param>
    internal TextContext PrepareText(IReadOnlyList<Tensor> contexts, AdapterSet? adapters, Action<string, Tensor>? observe)
    {
        ArgumentNullException.ThrowIfNull(contexts);
        using TorchSharp.DisposeScope scope = NewDisposeScope();
        (Tensor embedded, Tensor? bias) = _text.Forward(contexts, adapters); // [B, rows, dim], [B, 1, 1, rows]
        observe?.Invoke("text_embedding", embedded);
        List<(Tensor Key, Tensor Value)> blocks = [];
        foreach (WanTransformerBlock block in _blocks)
        {
            (Tensor key, Tensor value) = block.TextProjection(embedded, adapters);
            blocks.Add((key.DetachFromDisposeScope(), value.DetachFromDisposeScope()));
        }

        return new TextContext(contexts.Count, blocks, bias?.DetachFromDisposeScope());
    }

    /// <summary>Predicts the velocity for latents of one shape.</summary>
    /// <param name="latents">[B, C, F, H, W]; frames, height and width are multiples of the patch size.</param>
    /// <param name="timesteps">[B], 0 to 1000.</param>
    /// <param name="text">The prepared prompts, B of them.</param>
    /// <param name="adapters">The adapters that the text was prepared with; null: none.</param>
    /// <returns>Velocity, float32 [B, C, F, H, W].</returns>
    /// <exception cref="InvalidInputException">A shape does not fit.</exception>
    public Tensor Forward(Tensor latents, Tensor timesteps, TextContext text, AdapterSet? adapters = null) =>
        Forward(latents, timesteps, text, adapters, observe: null);

    /// <summary>As <see cref="Forward(Tensor, Tensor, TextContext, AdapterSet)"/>, with a look inside.</summary>
    /// <param name="latents">[B, C, F, H, W].</param>
    /// <param name="timesteps">[B].</param>
    /// <param name="text">The prepared prompts.</param>
    /// <param name="adapters">Adapters; null: none.</param>
    /// <param name="observe">Told of each inner result by the reference's name for it, for instance <c>block0.norm1</c>; null: nobody looks.</param>
    /// <param name="residual">What the blocks add is kept there, or taken from there instead; null: neither.</param>
    internal Tensor Forward(
        Tensor latents, Tensor timesteps, TextContext text, AdapterSet? adapters, Action<string, Tensor>? observe, BlockResidual? residual = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        PatchGrid grid = _patches.GridOf(latents);
        ThrowIfUneven(latents, timesteps, text);
        using TorchSharp.DisposeScope scope = NewDisposeScope();
        Tensor x = _patches.Forward(latents, grid, adapters); // [B, S, dim]
        observe?.Invoke("tokens", x);
        (Tensor e, Tensor e0) = _time.Forward(timesteps, adapters, observe); // [B, dim], [B, 6, dim]
        if (residual?.Reused is { } reused)
        {
            x = x + reused; // [B, S, dim]
        }
        else
        {
            using Tensor? before = residual is null ? null : x.clone();
            x = Blocks(x, e0, grid, text, adapters, observe); // [B, S, dim]
            residual?.Keep(before!, x);
        }

        Tensor tokens = _head.Forward(x, e, adapters); // [B, S, p · q · r · C]
        observe?.Invoke("head", tokens);
        return _head.Join(tokens, grid).MoveToOuterDisposeScope(); // [B, C, F, H, W]
    }

    /// <summary>The embedding e of timesteps.</summary>
    /// <param name="timesteps">0 to 1000.</param>
    /// <param name="adapters">Adapters; null: none.</param>
    /// <returns>[number of timesteps, dim], float32.</returns>
    internal Tensor EmbedTime(IReadOnlyList<float> timesteps, AdapterSet? adapters)
    {
        using TorchSharp.DisposeScope scope = NewDisposeScope();
        return _time.Forward(tensor(timesteps.ToArray()), adapters, observe: null).E.MoveToOuterDisposeScope();
    }

    /// <summary>Predicts velocities for latents of any shapes, one after the other, as the reference's call signature has it.</summary>
    /// <param name="latents">Each [C, F, H, W].</param>
    /// <param name="timesteps">One for each latent, [B].</param>
    /// <param name="contexts">One for each latent, [L, text_dim].</param>
    /// <param name="sequenceLength">Tokens that the reference pads each item to; padding is never attended to, so it only is a limit here. Null: none.</param>
    /// <param name="adapters">Adapters in use; null: none.</param>
    /// <returns>Velocity of each item, float32 [C, F, H, W].</returns>
    /// <exception cref="InvalidInputException">A shape does not fit, or an item has more tokens than allowed.</exception>
    public IReadOnlyList<Tensor> Forward(
        IReadOnlyList<Tensor> latents, Tensor timesteps, IReadOnlyList<Tensor> contexts, int? sequenceLength = null, AdapterSet? adapters = null)
    {
        ArgumentNullException.ThrowIfNull(latents);
        ArgumentNullException.ThrowIfNull(contexts);
        ArgumentNullException.ThrowIfNull(timesteps);
        if (contexts.Count != latents.Count || timesteps.shape is not [var steps] || steps != latents.Count)
        {
            throw new InvalidInputException(
                "timesteps", $"got {latents.Count} latents, {contexts.Count} contexts and timesteps of shape [{string.Join(", ", timesteps.shape)}]; needed as many of each.");
        }

        List<Tensor> results = [];
        for (int i = 0; i < latents.Count; i++)
        {
            using TorchSharp.DisposeScope scope = NewDisposeScope();
            using TextContext text = PrepareText([contexts[i]], adapters);
            Tensor latent = latents[i].unsqueeze(0); // [1, C, F, H, W]
            long tokens = _patches.GridOf(latent).Tokens;
            if (tokens > sequenceLength)
            {
                throw new InvalidInputException("sequence_length", $"got {sequenceLength} for a latent of {tokens} tokens; allowed is at least that number.");
            }

            results.Add(Forward(latent, timesteps.narrow(0, i, 1), text, adapters).squeeze(0).MoveToOuterDisposeScope()); // [C, F, H, W]
        }

        return results;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _patches.Dispose();
        _parameters.Dispose();
    }

    /// <summary>Builds the transformer over weights.</summary>
    /// <param name="weights">Reads the weights by their original names. Each is asked for once.</param>
    /// <param name="config">Dimensions.</param>
    /// <param name="device">Where to compute.</param>
    /// <param name="dataType">float32 or bfloat16: number type of linears and attention.</param>
    /// <returns>The transformer; the caller disposes it.</returns>
    /// <exception cref="ModelFormatException">The sizes do not fit together, or the reader has no such weight.</exception>
    public static WanTransformer Load(WeightReader weights, WanTransformerConfig config, Device device, ScalarType dataType)
    {
        ParameterSet parameters = new(weights, device, dataType);
        try
        {
            return new WanTransformer(parameters, config);
        }
        catch
        {
            parameters.Dispose();
            throw;
        }
    }

    private static Action<string, Tensor>? Under(int block, Action<string, Tensor>? observe) =>
        observe is null ? null : (name, activation) => observe($"block{block}.{name}", activation);

    // Without a gradient the blocks change x itself.
    private Tensor Blocks(Tensor x, Tensor e0, PatchGrid grid, TextContext text, AdapterSet? adapters, Action<string, Tensor>? observe)
    {
        using RotaryEmbedding rotary = new(Config.HeadDim, grid.Frames, grid.Height, grid.Width, Device);
        observe?.Invoke("rope_cos", rotary.Cosines());
        observe?.Invoke("rope_sin", rotary.Sines());
        for (int i = 0; i < _blocks.Length; i++)
        {
            Tensor next = _blocks[i].Forward(x, e0, rotary, text.Block(i), adapters, Under(i, observe)); // [B, S, dim]
            observe?.Invoke($"block{i}", next);
            if (!ReferenceEquals(next, x))
            {
                x.Dispose();
                x = next;
            }
        }

        return x;
    }

    private static void ThrowIfUneven(Tensor latents, Tensor timesteps, TextContext text)
    {
        ArgumentNullException.ThrowIfNull(timesteps);
        if (timesteps.shape is not [var steps] || steps != latents.shape[0] || text.Batch != latents.shape[0])
        {
            throw new InvalidInputException(
                "timesteps", $"got shape [{string.Join(", ", timesteps.shape)}] and {text.Batch} prompts for {latents.shape[0]} latents; needed as many of each.");
        }
    }
}
