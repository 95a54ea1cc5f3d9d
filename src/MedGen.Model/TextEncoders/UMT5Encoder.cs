using MedGen.Sdk.Errors;
using MedGen.Model.Parameters;
using MedGen.Torch.Weights;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace MedGen.Model.TextEncoders;

/// <summary>
/// The umT5 text encoder of Wan 2.1 (wan/modules/t5.py; "UniMax", Chung et al. 2023): pre-norm blocks without biases, attention without the
/// 1/sqrt(d) scale and with a relative position bias of its own in every block, gated feed-forward.
/// Not safe for use from several threads; runs on the thread, the dispose scope and the gradient mode of the caller.
/// </summary>
public sealed class UMT5Encoder : IDisposable
{
    private readonly ParameterSet _parameters;
    private readonly StoredWeight _embedding;
    private readonly Block[] _blocks;
    private readonly Tensor _norm;
    private readonly Tensor? _sharedPositions;

    private UMT5Encoder(ParameterSet parameters, UMT5EncoderConfig config)
    {
        if (config.AttentionDim % config.NumHeads != 0)
        {
            throw new ModelFormatException(
                "text encoder", $"The attention of the text encoder is {config.AttentionDim} wide, which {config.NumHeads} heads cannot share.");
        }

        Config = config;
        _parameters = parameters;
        _embedding = parameters.TakeTable("token_embedding.weight", config.VocabularySize, config.Dim);
        _sharedPositions = config.SharedPositionBias ? parameters.Take("pos_embedding.embedding.weight", config.NumBuckets, config.NumHeads) : null;
        _blocks = [.. Enumerable.Range(0, config.NumLayers).Select(index => new Block(parameters, $"blocks.{index}", config))];
        _norm = parameters.Take("norm.weight", config.Dim);
    }

    /// <summary>Sizes.</summary>
    public UMT5EncoderConfig Config { get; }

    /// <summary>
    /// The weights by their original Wan names. They belong to the encoder. They may lie over the read-only map of a file: gradients reach
    /// them, but to change them in place, build the encoder over copies.
    /// </summary>
    public IReadOnlyDictionary<string, StoredWeight> Parameters => _parameters.Weights;

    /// <summary>Bytes that the weights take, the largest quantised one counted in numbers too: it is there twice while it is used.</summary>
    public long WeightBytes => _parameters.ByteLength;

    /// <summary>Encodes token ids. Only real tokens are computed: each row up to its length, which gives the same as padding and masking.</summary>
    /// <param name="ids">Token ids, int64 [B, L], on any device.</param>
    /// <param name="mask">1 for real tokens, then 0 for padding, [B, L]; null when all tokens are real.</param>
    /// <returns>Hidden states [B, L, dim] in the encoder's number type on its device; rows of padding are zero.</returns>
    /// <exception cref="InvalidInputException">Wrong shape or type, an id outside of the table, or a mask with a gap.</exception>
    public Tensor Encode(Tensor ids, Tensor? mask = null)
    {
        ArgumentNullException.ThrowIfNull(ids);
        using var scope = NewDisposeScope();
        long[] lengths = CheckInputs(ids, mask);
        if (lengths.All(length => length == ids.shape[1]))
        {
            return Forward(ids).MoveToOuterDisposeScope();
        }

        List<Tensor> rows = [];
        for (int row = 0; row < lengths.Length; row++)
        {
            Tensor real = Forward(ids.narrow(0, row, 1).narrow(1, 0, lengths[row])); // [1, n, dim]
            rows.Add(cat([real, real.new_zeros(1, ids.shape[1] - lengths[row], Config.Dim)], 1)); // [1, L, dim]
        }

        return cat(rows, 0).MoveToOuterDisposeScope(); // [B, L, dim]
    }

    /// <summary>
    /// Encodes rows of different lengths in one piece, padded and masked: the same as <see cref="Encode"/> to rounding, in fewer operations.
    /// </summary>
    /// <param name="ids">Token ids, int64 [B, L]; behind a row's length any id of the table.</param>
    /// <param name="lengths">Real tokens of each row, 1 to L.</param>
    /// <returns>Hidden states [B, L, dim]; rows behind a length hold no meaning.</returns>
    /// <exception cref="InvalidInputException">Wrong shape or type, an id outside of the table, or a length out of range.</exception>
    public Tensor EncodePadded(Tensor ids, IReadOnlyList<int> lengths)
    {
        ArgumentNullException.ThrowIfNull(ids);
        ArgumentNullException.ThrowIfNull(lengths);
        using var scope = NewDisposeScope();
        CheckInputs(ids, mask: null);
        if (lengths.Count != ids.shape[0] || lengths.Any(length => length < 1 || length > ids.shape[1]))
        {
            throw new InvalidInputException(
                "lengths", $"[{string.Join(", ", lengths)}]; expected are {ids.shape[0]} numbers of 1 to {ids.shape[1]}.");
        }

        float[] bias = new float[lengths.Count * ids.shape[1]];
        for (int row = 0; row < lengths.Count; row++)
        {
            bias.AsSpan((int)((row * ids.shape[1]) + lengths[row])..(int)((row + 1) * ids.shape[1])).Fill(float.NegativeInfinity);
        }

        Tensor padding = tensor(bias, [lengths.Count, 1, 1, ids.shape[1]]).to(_parameters.DataType, _parameters.Device);
        return Forward(ids, padding: padding).MoveToOuterDisposeScope(); // [B, L, dim]
    }

    /// <inheritdoc/>
    public void Dispose() => _parameters.Dispose();

    /// <summary>Builds the encoder over weights.</summary>
    /// <param name="weights">Reads the weights by their original names. Each is asked for once.</param>
    /// <param name="config">Sizes.</param>
    /// <param name="device">Where to compute.</param>
    /// <param name="dataType">float32 or bfloat16.</param>
    /// <returns>The encoder; the caller disposes it.</returns>
    /// <exception cref="ModelFormatException">The sizes do not fit together, or the reader has no such weight.</exception>
    public static UMT5Encoder Load(WeightReader weights, UMT5EncoderConfig config, Device device, ScalarType dataType) =>
        ParameterSet.Build(weights, device, dataType, parameters => new UMT5Encoder(parameters, config));

    /// <summary>The encoder itself, over rows of real tokens.</summary>
    /// <param name="ids">Token ids [B, L].</param>
    /// <param name="observe">Told of each inner result by name; for comparison with the reference.</param>
    /// <param name="padding">Added to the attention logits, [B, 1, 1, L]; null: every token is real.</param>
    /// <returns>Hidden states [B, L, dim].</returns>
    internal Tensor Forward(Tensor ids, Action<string, Tensor>? observe = null, Tensor? padding = null)
    {
        using var scope = NewDisposeScope();
        Tensor buckets = RelativePositions.Buckets(ids.shape[1], Config.NumBuckets, Config.MaxDistance).to(_parameters.Device); // [L, L]
        using Tensor embedded = _embedding.ReadRows(ids.to(_parameters.Device).flatten(), _parameters.DataType); // [B · L, dim]
        Tensor x = embedded.unflatten(0, ids.shape); // [B, L, dim]
        for (int index = 0; index < _blocks.Length; index++)
        {
            Block block = _blocks[index];
            Tensor bias = Rows(_sharedPositions ?? block.Positions!, buckets).permute(2, 0, 1).unsqueeze(0); // [1, heads, L, L]
            observe?.Invoke($"block{index}.pos_bias", bias);
            Tensor previous = x;
            x = block.Forward(x, padding is null ? bias : bias + padding, $"block{index}", observe);
            previous.Dispose();
            bias.Dispose();
        }

        return Norm(x, _norm, Config.Epsilon).MoveToOuterDisposeScope();
    }

    private long[] CheckInputs(Tensor ids, Tensor? mask)
    {
        if (ids.dim() != 2 || ids.dtype != ScalarType.Int64 || ids.shape[1] == 0)
        {
            throw new InvalidInputException("ids", $"{ids.dtype} [{string.Join(", ", ids.shape)}]; expected is int64 [B, L] with L of 1 or more.");
        }

        long largest = ids.max().item<long>();
        if (ids.min().item<long>() < 0 || largest >= Config.VocabularySize)
        {
            throw new InvalidInputException("ids", $"{largest} is not an id; allowed: 0 to {Config.VocabularySize - 1}.");
        }

        if (mask is null)
        {
            return [.. Enumerable.Repeat(ids.shape[1], (int)ids.shape[0])];
        }

        if (!mask.shape.SequenceEqual(ids.shape))
        {
            throw new InvalidInputException(
                "mask", $"[{string.Join(", ", mask.shape)}]; expected is the shape of ids, [{string.Join(", ", ids.shape)}].");
        }

        Tensor real = mask.ne(0).to(ScalarType.Int64).cpu(); // [B, L]
        long[] lengths = real.sum(1).data<long>().ToArray();
        if (real.cumprod(1).sum().item<long>() != lengths.Sum())
        {
            throw new InvalidInputException("mask", "has a zero in front of a one; real tokens come first, then padding.");
        }

        return lengths.All(length => length > 0) ? lengths : throw new InvalidInputException("mask", "has a row without a real token.");
    }

    // Rows of a table: indices [A, B] of a table [N, C] give [A, B, C].
    private static Tensor Rows(Tensor table, Tensor indices) => table.index_select(0, indices.flatten()).unflatten(0, indices.shape);

    // RMS norm without mean subtraction, its statistics in float32.
    private static Tensor Norm(Tensor x, Tensor weight, double epsilon)
    {
        using var scope = NewDisposeScope();
        Tensor wide = x.to(ScalarType.Float32);
        Tensor normed = wide * rsqrt(wide.square().mean([-1], keepdim: true) + epsilon); // [B, L, dim]
        return (weight * normed.to(weight.dtype)).MoveToOuterDisposeScope();
    }

    private sealed class Block
    {
        private readonly UMT5EncoderConfig _config;
        private readonly Tensor _norm1;
        private readonly StoredWeight _q;
        private readonly StoredWeight _k;
        private readonly StoredWeight _v;
        private readonly StoredWeight _o;
        private readonly Tensor _norm2;
        private readonly StoredWeight _gate;
        private readonly StoredWeight _fc1;
        private readonly StoredWeight _fc2;

        public Block(ParameterSet parameters, string name, UMT5EncoderConfig config)
        {
            _config = config;
            _norm1 = parameters.Take($"{name}.norm1.weight", config.Dim);
            _q = parameters.TakeStored($"{name}.attn.q.weight", parameters.DataType, config.AttentionDim, config.Dim);
            _k = parameters.TakeStored($"{name}.attn.k.weight", parameters.DataType, config.AttentionDim, config.Dim);
            _v = parameters.TakeStored($"{name}.attn.v.weight", parameters.DataType, config.AttentionDim, config.Dim);
            _o = parameters.TakeStored($"{name}.attn.o.weight", parameters.DataType, config.Dim, config.AttentionDim);
            Positions = config.SharedPositionBias
                ? null
                : parameters.Take($"{name}.pos_embedding.embedding.weight", config.NumBuckets, config.NumHeads);
            _norm2 = parameters.Take($"{name}.norm2.weight", config.Dim);
            _gate = parameters.TakeStored($"{name}.ffn.gate.0.weight", parameters.DataType, config.FeedForwardDim, config.Dim);
            _fc1 = parameters.TakeStored($"{name}.ffn.fc1.weight", parameters.DataType, config.FeedForwardDim, config.Dim);
            _fc2 = parameters.TakeStored($"{name}.ffn.fc2.weight", parameters.DataType, config.Dim, config.FeedForwardDim);
        }

        /// <summary>Bias of each bucket and head [buckets, heads]; null when all blocks share one.</summary>
        public Tensor? Positions { get; }

        public Tensor Forward(Tensor x, Tensor bias, string name, Action<string, Tensor>? observe)
        {
            using var scope = NewDisposeScope();
            Tensor attended = Attend(Norm(x, _norm1, _config.Epsilon), bias); // [B, L, dim]
            observe?.Invoke($"{name}.attn", attended);
            Tensor hidden = x + attended;
            Tensor fed = FeedForward(Norm(hidden, _norm2, _config.Epsilon)); // [B, L, dim]
            observe?.Invoke($"{name}.ffn", fed);
            Tensor result = hidden + fed;
            observe?.Invoke(name, result);
            return result.MoveToOuterDisposeScope();
        }

        private Tensor Attend(Tensor x, Tensor bias)
        {
            using var scope = NewDisposeScope();
            Tensor q = Heads(Linear(x, _q)); // [B, heads, L, headDim]
            Tensor k = Heads(Linear(x, _k)); // [B, heads, L, headDim]
            Tensor v = Heads(Linear(x, _v)); // [B, heads, L, headDim]
            Tensor logits = matmul(q, k.transpose(-2, -1)) + bias; // [B, heads, L, L], not scaled
            Tensor weights = F.softmax(logits.to(ScalarType.Float32), -1).to(v.dtype);
            Tensor joined = matmul(weights, v).transpose(1, 2).flatten(2); // [B, L, attentionDim]
            return Linear(joined, _o).MoveToOuterDisposeScope(); // [B, L, dim]
        }

        private Tensor FeedForward(Tensor x)
        {
            using var scope = NewDisposeScope();
            Tensor gate = Gelu(Linear(x, _gate)); // [B, L, feedForwardDim]
            return Linear(Linear(x, _fc1) * gate, _fc2).MoveToOuterDisposeScope(); // [B, L, dim]
        }

        private static Tensor Linear(Tensor x, StoredWeight weight)
        {
            using Tensor values = weight.Read(x.dtype); // [out, in]
            return F.linear(x, values); // [..., out]
        }

        // The tanh approximation, which the reference spells out; the exact form differs by 5e-4.
        private static Tensor Gelu(Tensor x)
        {
            using var scope = NewDisposeScope();
            return (0.5 * x * (1 + tanh(Math.Sqrt(2 / Math.PI) * (x + 0.044715 * x.pow(3))))).MoveToOuterDisposeScope();
        }

        private Tensor Heads(Tensor x) => x.unflatten(2, [_config.NumHeads, _config.AttentionDim / _config.NumHeads]).transpose(1, 2);
    }
}
