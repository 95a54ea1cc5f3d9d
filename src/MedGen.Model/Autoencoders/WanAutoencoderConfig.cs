using System.Text.Json;
using MedGen.Sdk.Errors;

namespace MedGen.Model.Autoencoders;

/// <summary>
/// Sizes of the causal video autoencoder of Wan 2.1 (Wan-Video/Wan2.1, wan/modules/vae.py) or of Wan 2.2's TI2V-5B (Wan-Video/Wan2.2,
/// wan/modules/vae2_2.py); in diffusers AutoencoderKLWan.
/// </summary>
public sealed record WanAutoencoderConfig
{
    /// <summary>Channels of the encoder's first stage.</summary>
    public required int Dim { get; init; }

    /// <summary>Channels of the decoder's last stage. Default: <see cref="Dim"/>, as in Wan 2.1; Wan 2.2 has 256 beside 160.</summary>
    public int DecoderDim { get => field == 0 ? Dim : field; init; }

    /// <summary>Side of the squares of pixels that become channels: 1 (the default, Wan 2.1) or 2 (Wan 2.2).</summary>
    public int PatchSize { get; init; } = 1;

    /// <summary>
    /// Wan 2.2's stages: a list each, with a shortcut beside it, and upsampling that keeps the channels. Default false, as in Wan 2.1.
    /// </summary>
    public bool IsResidual { get; init; }

    /// <summary>Channels of a latent.</summary>
    public required int LatentChannels { get; init; }

    /// <summary>Channels of each stage as multiples of <see cref="Dim"/>, from the picture inwards.</summary>
    public required IReadOnlyList<int> Multipliers { get; init; }

    /// <summary>Residual blocks a stage in the encoder; the decoder has one more.</summary>
    public required int NumResidualBlocks { get; init; }

    /// <summary>Whether each step between two stages halves time as well as space, from the picture inwards.</summary>
    public required IReadOnlyList<bool> TemporalDownsample { get; init; }

    /// <summary>
    /// Sizes, as fractions of the picture's, at which each residual block is followed by attention (<c>attn_scales</c>): 1, then half for each stage
    /// of the encoder. The decoder begins at 2^(2 − stages) and doubles. Default none, as in Wan 2.1.
    /// </summary>
    public IReadOnlyList<double> AttentionScales { get; init; } = [];

    /// <summary>Mean of each latent channel, which encoding subtracts.</summary>
    public required IReadOnlyList<float> LatentMean { get; init; }

    /// <summary>Standard deviation of each latent channel, which encoding divides by.</summary>
    public required IReadOnlyList<float> LatentStd { get; init; }

    /// <summary>Pixels a latent pixel covers in each direction: 8 for Wan 2.1, 16 for Wan 2.2.</summary>
    public int SpatialFactor => PatchSize << (Multipliers.Count - 1);

    /// <summary>Channels of a picture once its squares of pixels are folded: 3 or 12.</summary>
    internal int FoldedChannels => 3 * PatchSize * PatchSize;

    /// <summary>Frames a latent frame covers after the first, which stands alone: 4 for Wan 2.1.</summary>
    public int TemporalFactor => 1 << TemporalDownsample.Count(halves => halves);

    /// <summary>Wan 2.1: the sizes and the latent statistics of <c>WanVAE</c> and <c>_video_vae</c> in wan/modules/vae.py.</summary>
    public static WanAutoencoderConfig Wan21 { get; } = new()
    {
        Dim = 96,
        LatentChannels = 16,
        Multipliers = [1, 2, 4, 4],
        NumResidualBlocks = 2,
        TemporalDownsample = [false, true, true],
        LatentMean =
        [
            -0.7571f, -0.7089f, -0.9113f, 0.1075f, -0.1745f, 0.9653f, -0.1517f, 1.5508f,
            0.4134f, -0.0715f, 0.5517f, -0.3632f, -0.1922f, -0.9497f, 0.2503f, -0.2921f,
        ],
        LatentStd =
        [
            2.8184f, 1.4541f, 2.3275f, 2.6558f, 1.2196f, 1.7708f, 2.6052f, 2.0743f,
            3.2687f, 2.1526f, 2.8652f, 1.5579f, 1.6382f, 1.1253f, 2.8251f, 1.9160f,
        ],
    };

    /// <summary>Wan 2.2's, of TI2V-5B.</summary>
    public static WanAutoencoderConfig Wan22 { get; } = new()
    {
        Dim = 160,
        DecoderDim = 256,
        LatentChannels = 48,
        Multipliers = [1, 2, 4, 4],
        NumResidualBlocks = 2,
        TemporalDownsample = [false, true, true],
        PatchSize = 2,
        IsResidual = true,
        LatentMean =
        [
            -0.2289f, -0.0052f, -0.1323f, -0.2339f, -0.2799f, 0.0174f, 0.1838f, 0.1557f,
            -0.1382f, 0.0542f, 0.2813f, 0.0891f, 0.157f, -0.0098f, 0.0375f, -0.1825f,
            -0.2246f, -0.1207f, -0.0698f, 0.5109f, 0.2665f, -0.2108f, -0.2158f, 0.2502f,
            -0.2055f, -0.0322f, 0.1109f, 0.1567f, -0.0729f, 0.0899f, -0.2799f, -0.123f,
            -0.0313f, -0.1649f, 0.0117f, 0.0723f, -0.2839f, -0.2083f, -0.052f, 0.3748f,
            0.0152f, 0.1957f, 0.1433f, -0.2944f, 0.3573f, -0.0548f, -0.1681f, -0.0667f,
        ],
        LatentStd =
        [
            0.4765f, 1.0364f, 0.4514f, 1.1677f, 0.5313f, 0.499f, 0.4818f, 0.5013f,
            0.8158f, 1.0344f, 0.5894f, 1.0901f, 0.6885f, 0.6165f, 0.8454f, 0.4978f,
            0.5759f, 0.3523f, 0.7135f, 0.6804f, 0.5833f, 1.4146f, 0.8986f, 0.5659f,
            0.7069f, 0.5338f, 0.4889f, 0.4917f, 0.4069f, 0.4999f, 0.6866f, 0.4093f,
            0.5709f, 0.6065f, 0.6415f, 0.4944f, 0.5726f, 1.2042f, 0.5458f, 1.6887f,
            0.3971f, 1.06f, 0.3943f, 0.5537f, 0.5444f, 0.4089f, 0.7468f, 0.7744f,
        ],
    };

    /// <summary>Reads a configuration in original Wan names (<c>dim</c>, <c>mean</c>) or diffusers names (<c>base_dim</c>).</summary>
    /// <param name="json">The JSON object.</param>
    /// <param name="fileName">File named in errors.</param>
    /// <param name="shapes">Shapes of the weights by name, in either convention, from which the sizes that the file does not state are taken; null:
    /// those are
    /// <see cref="Wan21"/>'s.</param>
    /// <returns>The configuration.</returns>
    /// <exception cref="ModelFormatException">Values do not fit together, or something is neither stated nor known.</exception>
    public static WanAutoencoderConfig FromJson(JsonElement json, string fileName, IReadOnlyDictionary<string, IReadOnlyList<long>>? shapes = null)
    {
        try
        {
            Lazy<WanAutoencoderConfig> other = new(() => shapes is null ? Wan21 : InferSizes(shapes, fileName));
            int latentChannels = Find("z_dim", "z_dim")?.GetInt32() ?? other.Value.LatentChannels;
            WanAutoencoderConfig config = new()
            {
                Dim = Find("dim", "base_dim")?.GetInt32() ?? other.Value.Dim,
                DecoderDim = Find("dec_dim", "decoder_base_dim")?.GetInt32() ?? (shapes is null ? 0 : other.Value.DecoderDim),
                PatchSize = Find("patch_size", "patch_size")?.GetInt32() ?? other.Value.PatchSize,
                IsResidual = Find("is_residual", "is_residual")?.GetBoolean() ?? other.Value.IsResidual,
                LatentChannels = latentChannels,
                Multipliers = List("dim_mult", "dim_mult")?.ConvertAll(value => value.GetInt32()) ?? other.Value.Multipliers,
                NumResidualBlocks = Find("num_res_blocks", "num_res_blocks")?.GetInt32() ?? other.Value.NumResidualBlocks,
                AttentionScales = List("attn_scales", "attn_scales")?.ConvertAll(value => value.GetDouble()) ?? other.Value.AttentionScales,
                TemporalDownsample = List("temperal_downsample", "temporal_downsample")?.ConvertAll(value => value.GetBoolean())
                    ?? other.Value.TemporalDownsample,
                LatentMean = List("mean", "latents_mean")?.ConvertAll(value => value.GetSingle()) ?? Statistics(latentChannels, fileName).Mean,
                LatentStd = List("std", "latents_std")?.ConvertAll(value => value.GetSingle()) ?? Statistics(latentChannels, fileName).Std,
            };
            foreach (string field in new[] { "in_channels", "out_channels" })
            {
                if (Find(field, field)?.GetInt32() is { } channels && channels != config.FoldedChannels)
                {
                    throw new ModelFormatException(
                        fileName, $"{fileName}: {field} is {channels}, but patch_size {config.PatchSize} makes {config.FoldedChannels}.");
                }
            }

            return config.Checked(fileName);
        }
        catch (Exception exception) when (exception is InvalidOperationException or FormatException)
        {
            throw new ModelFormatException(fileName, $"{fileName} is not a configuration of the autoencoder: {exception.Message}", exception);
        }

        JsonElement? Find(string original, string diffusers) =>
            (json.TryGetProperty(original, out JsonElement value) || json.TryGetProperty(diffusers, out value))
                && value.ValueKind != JsonValueKind.Null
                ? value
                : null;

        List<JsonElement>? List(string original, string diffusers) => Find(original, diffusers) is { } array ? [.. array.EnumerateArray()] : null;
    }

    /// <summary>
    /// Infers the configuration from the shapes of the weights. The latent statistics are not in the weights: they are Wan 2.1's (16 channels) or
    /// Wan 2.2's (48).
    /// </summary>
    /// <param name="shapes">Shapes by name, in either convention.</param>
    /// <param name="fileName">File named in errors.</param>
    /// <returns>The configuration.</returns>
    /// <exception cref="ModelFormatException">
    /// A weight that shows a size is missing, or the latent has not the 16 or 48 channels whose statistics are known.
    /// </exception>
    public static WanAutoencoderConfig Infer(IReadOnlyDictionary<string, IReadOnlyList<long>> shapes, string fileName)
    {
        ArgumentNullException.ThrowIfNull(shapes);
        WanAutoencoderConfig sizes = InferSizes(shapes, fileName);
        (IReadOnlyList<float> mean, IReadOnlyList<float> std) = Statistics(sizes.LatentChannels, fileName);
        return (sizes with { LatentMean = mean, LatentStd = std }).Checked(fileName);
    }

    /// <summary>Whether two configurations say the same, list by list.</summary>
    /// <param name="other">The other.</param>
    /// <returns>Whether they are equal.</returns>
    public bool Equals(WanAutoencoderConfig? other) =>
        other is not null && (Dim, LatentChannels, NumResidualBlocks) == (other.Dim, other.LatentChannels, other.NumResidualBlocks)
        && (DecoderDim, PatchSize, IsResidual) == (other.DecoderDim, other.PatchSize, other.IsResidual)
        && Multipliers.SequenceEqual(other.Multipliers) && TemporalDownsample.SequenceEqual(other.TemporalDownsample)
        && AttentionScales.SequenceEqual(other.AttentionScales)
        && LatentMean.SequenceEqual(other.LatentMean) && LatentStd.SequenceEqual(other.LatentStd);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Dim, LatentChannels, NumResidualBlocks, Multipliers.Count, TemporalDownsample.Count);

    // The sizes alone, with no statistics.
    private static WanAutoencoderConfig InferSizes(IReadOnlyDictionary<string, IReadOnlyList<long>> shapes, string fileName)
    {
        IReadOnlyDictionary<string, string> keys = WanAutoencoderKeys.ToOriginal(shapes.Keys);
        Dictionary<string, IReadOnlyList<long>> original = shapes.ToDictionary(entry => keys[entry.Key], entry => entry.Value);
        int dim = (int)Shape("encoder.conv1.weight")[0];
        int latentChannels = (int)Shape("conv2.weight")[0];
        bool isResidual = original.Keys.Any(name => name.StartsWith("encoder.downsamples.0.downsamples.", StringComparison.Ordinal));
        List<int> multipliers = [];
        List<bool> temporal = [];
        List<double> attention = [];
        int blocks = 0;
        foreach (string layer in isResidual ? Stages().SelectMany(Layers) : Layers("encoder"))
        {
            if (original.ContainsKey($"{layer}.resample.1.weight"))
            {
                temporal.Add(original.ContainsKey($"{layer}.time_conv.weight"));
                continue;
            }

            if (original.ContainsKey($"{layer}.to_qkv.weight"))
            {
                double scale = 1.0 / (1 << temporal.Count);
                attention.AddRange(attention.Contains(scale) ? [] : [scale]);
                continue;
            }

            if (multipliers.Count == temporal.Count)
            {
                multipliers.Add((int)Shape($"{layer}.residual.2.weight")[0] / dim);
            }

            blocks++;
        }

        if (multipliers.Count == 0)
        {
            throw new ModelFormatException(fileName, $"{fileName}: the weights 'encoder.downsamples.*', which show the stages, are missing.");
        }

        return new WanAutoencoderConfig
        {
            Dim = dim,
            DecoderDim = (int)Shape("decoder.conv1.weight")[0] / Math.Max(1, multipliers[^1]),
            PatchSize = Shape("encoder.conv1.weight")[1] == 12 ? 2 : 1,
            IsResidual = isResidual,
            LatentChannels = latentChannels,
            Multipliers = multipliers,
            NumResidualBlocks = blocks / multipliers.Count,
            TemporalDownsample = temporal,
            AttentionScales = attention,
            LatentMean = [],
            LatentStd = [],
        };

        IEnumerable<string> Stages() => Enumerable.Range(0, int.MaxValue).Select(stage => $"encoder.downsamples.{stage}").TakeWhile(IsThere);

        IEnumerable<string> Layers(string of) => Enumerable.Range(0, int.MaxValue).Select(index => $"{of}.downsamples.{index}").TakeWhile(IsThere);

        bool IsThere(string layer) => original.Keys.Any(name => name.StartsWith($"{layer}.", StringComparison.Ordinal));

        IReadOnlyList<long> Shape(string name) => original.TryGetValue(name, out IReadOnlyList<long>? shape) && shape.Count == 5 && shape[0] > 0
            ? shape
            : throw new ModelFormatException(fileName, $"{fileName}: the weight '{name}', which shows a size of the autoencoder, is missing.");
    }

    private static (IReadOnlyList<float> Mean, IReadOnlyList<float> Std) Statistics(int latentChannels, string fileName) =>
        new[] { Wan21, Wan22 }.FirstOrDefault(release => release.LatentChannels == latentChannels) is { } known
            ? (known.LatentMean, known.LatentStd)
            : throw new ModelFormatException(
                fileName, $"{fileName}: the mean and std of {latentChannels} channels are not known; a configuration must state them.");

    private WanAutoencoderConfig Checked(string fileName)
    {
        string? problem =
            Dim < 1 || DecoderDim < 1 || LatentChannels < 1 || NumResidualBlocks < 1 || Multipliers.Count < 1 || Multipliers.Any(value => value < 1)
                ? "a size is below 1"
            : TemporalDownsample.Count != Multipliers.Count - 1
                ? $"{Multipliers.Count} stages need {Multipliers.Count - 1} values of temperal_downsample, but it has {TemporalDownsample.Count}"
            : LatentMean.Count != LatentChannels || LatentStd.Count != LatentChannels
                ? $"the latent has {LatentChannels} channels, but mean and std have {LatentMean.Count} and {LatentStd.Count} values"
            : LatentStd.Any(value => !(value > 0)) ? "a std is not above 0"
            : PatchSize is not (1 or 2) ? $"patch_size is {PatchSize}, allowed are 1 and 2"
            : IsResidual && AttentionScales.Count > 0 ? "attn_scales does not belong to the stages of Wan 2.2"
            : IsResidual && !HasWholeShortcuts() ? "the channels of a stage do not divide what its shortcut averages or copies"
            : null;
        return problem is null ? this : throw new ModelFormatException(fileName, $"{fileName}: {problem}.");
    }

    // Channels times the pixels and frames that become one, or that one becomes, are shared out evenly over the channels behind.
    private bool HasWholeShortcuts()
    {
        int steps = TemporalDownsample.Count;
        return Enumerable.Range(0, steps + 1).All(stage => (stage == 0 ? 1 : Multipliers[stage - 1]) * Pieces(stage) % Multipliers[stage] == 0)
            && Enumerable.Range(0, steps).All(stage => Multipliers[stage + 1] * Pieces(stage) % Multipliers[Math.Min(stage + 2, steps)] == 0);

        int Pieces(int step) => step == steps ? 1 : TemporalDownsample[step] ? 8 : 4;
    }
}
