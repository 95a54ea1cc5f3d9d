using MedGen.Model.Checkpoints;
using MedGen.Model.TextEncoders;
using MedGen.Model.TextEncoders.Cleaning;
using MedGen.Model.TextEncoders.Tokenization;
using MedGen.Model.Transformers;
using MedGen.Sdk.Models;
using MedGen.Training.Flow;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace MedGen.Training.Text;

/// <summary>
/// The base whose text encoder is imitated, judged by what its transformer makes of the rows (as in arXiv 2503.19897, there with the same words for
/// both): the same caption in other words shall give the same velocity. No clip is needed: the transformer is shown noise, or what it makes of noise
/// itself.
/// </summary>
internal sealed class TextTeacher : IDisposable
{
    private const double FromNoiseAlone = 0.5;

    private readonly Device _device;
    private readonly SentencePieceTokenizer _tokenizer;
    private readonly UMT5Encoder _encoder;
    private readonly WanTransformer _transformer;
    private readonly long[] _latent;

    /// <summary>Opens a base.</summary>
    /// <param name="folder">The base.</param>
    /// <param name="device">Where to compute.</param>
    /// <param name="dataType">What to compute in.</param>
    public TextTeacher(ModelFolder folder, Device device, ScalarType dataType)
    {
        _device = device;
        _tokenizer = folder.OpenTokenizer();
        _encoder = folder.OpenTextEncoder(device, dataType);
        _transformer = folder.OpenTransformer(device, dataType);
        GenerationDefaults usual = folder.Defaults;
        _latent = [_transformer.Config.InChannels, 1, usual.Height / 8, usual.Width / 8]; // of a still
    }

    /// <summary>Tokens of a caption at most.</summary>
    public int MaxTokens => _transformer.Config.TextLength;

    /// <summary>Width of the rows that the transformer takes.</summary>
    public int Dim => _transformer.Config.TextDim;

    /// <summary>How far the transformer's predictions from a pupil's rows are from those from its own encoder's.</summary>
    /// <param name="captions">Captions that the base understands, B of them.</param>
    /// <param name="rows">The pupil's rows for the same clips, [L, dim] each.</param>
    /// <param name="random">Noise levels.</param>
    /// <param name="generator">Noise.</param>
    /// <param name="options">Distribution of the noise levels.</param>
    /// <returns>Mean squared error of the velocity, a scalar in the current dispose scope.</returns>
    public Tensor Loss(
        IReadOnlyList<string> captions, IReadOnlyList<Tensor> rows, Random random, Generator generator, Recipes.FlowOptions options)
    {
        using var scope = NewDisposeScope();
        long[] shape = [captions.Count, .. _latent];
        Tensor x = randn(shape, ScalarType.Float32, generator: generator).to(_device); // [B, C, 1, H, W]
        Tensor sigmas = ones(captions.Count);
        Tensor wanted;
        using (no_grad())
        {
            using TextContext own = _transformer.PrepareText(Encode(captions));
            wanted = _transformer.Forward(x, sigmas * FlowMatching.TrainTimesteps, own);
            if (random.NextDouble() >= FromNoiseAlone)
            {
                Tensor clean = x - wanted; // what it takes the noise for
                sigmas = tensor(Enumerable.Range(0, captions.Count).Select(_ => FlowMatching.DrawSigma(random, options)).ToArray());
                x = FlowMatching.Mix(clean, randn(shape, ScalarType.Float32, generator: generator).to(_device), sigmas.to(_device));
                wanted = _transformer.Forward(x, sigmas * FlowMatching.TrainTimesteps, own);
            }
        }

        using TextContext pupils = _transformer.PrepareText(rows);
        return F.mse_loss(_transformer.Forward(x, sigmas * FlowMatching.TrainTimesteps, pupils), wanted).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _encoder.Dispose();
        _transformer.Dispose();
    }

    // Rows of the captions' real tokens, [L, dim] each.
    private Tensor[] Encode(IReadOnlyList<string> captions)
    {
        int[][] tokens = [.. captions.Select(caption => _tokenizer.Encode(PromptCleaner.Clean(caption), MaxTokens))];
        int longest = tokens.Max(row => row.Length);
        long[] ids = [.. tokens.SelectMany(row => Enumerable.Range(0, longest).Select(i => (long)(i < row.Length ? row[i] : _tokenizer.PadId)))];
        Tensor states = _encoder.EncodePadded(tensor(ids, [tokens.Length, longest]), [.. tokens.Select(row => row.Length)]); // [B, L, dim]
        return [.. tokens.Select((row, index) => states.select(0, index).narrow(0, 0, row.Length))];
    }
}
