using MedGen.Model.Checkpoints;
using MedGen.Model.TextEncoders;
using MedGen.Model.TextEncoders.Tokenization;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Models;
using MedGen.Training.Optimization;
using MedGen.Training.Recipes;
using MedGen.Training.Running;
using MedGen.Training.Tokenization;
using static TorchSharp.torch;

namespace MedGen.Training.Text;

/// <summary>Vocabulary, sizes and first weights of a text encoder that is to be trained.</summary>
/// <param name="tokenizer">The vocabulary, which is in the model folder then.</param>
/// <param name="config">Sizes.</param>
/// <param name="weights">Weights by name in float32; they belong to this object.</param>
internal sealed class TextStart(SentencePieceTokenizer tokenizer, UMT5EncoderConfig config, IReadOnlyDictionary<string, Tensor> weights) : IDisposable
{
    /// <summary>The vocabulary.</summary>
    public SentencePieceTokenizer Tokenizer => tokenizer;

    /// <summary>Sizes.</summary>
    public UMT5EncoderConfig Config => config;

    /// <summary>Weights by name, float32.</summary>
    public IReadOnlyDictionary<string, Tensor> Weights => weights;

    /// <summary>A vocabulary of the captions, and random weights.</summary>
    /// <param name="state">The run; the recipe has sizes.</param>
    /// <param name="corpus">All captions, cleaned.</param>
    public static TextStart Random(TrainingState state, IReadOnlyCollection<string> corpus)
    {
        state.Files.Model.WriteLexicon(PromptLexicon.Of(corpus));
        UnigramTrainer vocabulary = new(state.Recipe.Tokenizer!.VocabularySize - SentencePieceModelWriter.SpecialPieces);
        state.Files.Model.WriteTokenizer(SentencePieceModelWriter.Write(vocabulary.Train(corpus)));
        SentencePieceTokenizer tokenizer = SentencePieceTokenizer.Load(state.Files.Model.TokenizerPath);
        TextEncoderRecipe sizes = state.Recipe.TextEncoder!;
        UMT5EncoderConfig config = new()
        {
            VocabularySize = tokenizer.VocabularySize, Dim = sizes.Dim, AttentionDim = sizes.Dim, FeedForwardDim = sizes.FeedForwardDim,
            NumHeads = sizes.NumHeads,
            NumLayers = sizes.NumLayers,
        };
        return new TextStart(tokenizer, config, InitialWeights.TextEncoder(config, state.Recipe.Seed));
    }

    /// <summary>The base's text encoder with its vocabulary: another one would give its rows other meanings.</summary>
    /// <param name="state">The run; the recipe has a base.</param>
    /// <param name="corpus">All captions, cleaned.</param>
    /// <exception cref="InvalidInputException">The base's tokenizer is in the file of its text encoder.</exception>
    public static TextStart OfBase(TrainingState state, IReadOnlyCollection<string> corpus)
    {
        ModelFolder start = ModelFolder.Open(state.Recipe.Base!);
        if (start.Files.TextEncoder.Contains(start.Files.Tokenizer))
        {
            throw new InvalidInputException(
                "base", $"'{start.Name}' keeps its tokenizer in the file of its text encoder, which is written anew; put spiece.model beside it.");
        }

        using UMT5Encoder encoder = start.OpenTextEncoder(CPU, ScalarType.Float32);
        SentencePieceTokenizer tokenizer = start.OpenTokenizer();
        state.Files.Model.AdoptTokenizer(start.Files);
        if (start.Lexicon is { } known)
        {
            state.Files.Model.WriteLexicon(PromptLexicon.Of(PromptLexicon.Of(corpus).Words.Concat(known.Words)));
        }

        return new TextStart(
            tokenizer, encoder.Config,
            encoder.Parameters.ToDictionary(pair => pair.Key, pair => pair.Value.Read(ScalarType.Float32), StringComparer.Ordinal));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Tensor weight in weights.Values)
        {
            weight.Dispose();
        }
    }
}
