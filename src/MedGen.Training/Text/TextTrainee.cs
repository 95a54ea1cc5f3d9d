using MedGen.Torch.Operations;
using MedGen.Training.Export;
using MedGen.Training.Flow;
using MedGen.Training.Optimization;
using MedGen.Training.Recipes;
using MedGen.Training.Running;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace MedGen.Training.Text;

/// <summary>
/// Trains a text encoder to tell from a caption what is true of its clip, and to speak to the base's transformer. One linear layer reads all facts
/// from every row, so that each row that a transformer attends to has the meaning of the whole; the layer is thrown away afterwards.
/// </summary>
internal sealed class TextTrainee : ITrainee<TextBatch>
{
    private const string HeadWeight = "facts.weight";
    private const string HeadBias = "facts.bias";

    private readonly int _seed;
    private readonly RunRecipe _run;
    private readonly Device _device;
    private readonly TextBatches _batches;
    private readonly FactLayout _layout;
    private readonly TrainedText _text;
    private readonly TextTeacher? _teacher;
    private readonly ModelFolderWriter _folder;

    /// <summary>Starts from given weights.</summary>
    /// <param name="seed">Seed of the recipe.</param>
    /// <param name="run">The run.</param>
    /// <param name="device">Where to train.</param>
    /// <param name="batches">Batches.</param>
    /// <param name="layout">The facts.</param>
    /// <param name="start">Vocabulary and first weights.</param>
    /// <param name="teacher">Who is imitated, it belongs to this object; null: nobody.</param>
    /// <param name="maxTokens">Tokens of a caption at most.</param>
    /// <param name="folder">Where the encoder is written.</param>
    public TextTrainee(
        int seed, RunRecipe run, Device device, TextBatches batches, FactLayout layout, TextStart start, TextTeacher? teacher, int maxTokens,
        ModelFolderWriter folder)
    {
        (_seed, _run, _device, _batches, _layout, _teacher, _folder) = (seed, run, device, batches, layout, teacher, folder);
        _text = new TrainedText(start.Tokenizer, start.Config, maxTokens, device, NumberType.Parse(run.Dtype, device));
        using var scope = NewDisposeScope();
        Dictionary<string, Tensor> initial = start.Weights.ToDictionary(
            pair => TrainedText.Prefix + pair.Key, pair => pair.Value, StringComparer.Ordinal);
        initial.Add(HeadWeight, zeros(layout.Outputs, start.Config.Dim));
        initial.Add(HeadBias, zeros(layout.Outputs));
        Parameters = ParameterVector.Create(initial, device);
    }

    /// <inheritdoc/>
    public ParameterVector Parameters { get; }

    /// <inheritdoc/>
    public TextBatch MakeBatch(TrainingPlace place) => _batches.Make(place);

    /// <inheritdoc/>
    public Tensor Loss(TextBatch batch, TrainingPlace place, IReadOnlyDictionary<string, Tensor> weights, IDictionary<string, Tensor> metrics)
    {
        using var scope = NewDisposeScope();
        IReadOnlyList<Tensor> rows = _text.Encode(batch.Captions, weights);
        Tensor loss = FactsLoss(batch, rows, weights, metrics) * _run.Text.Facts;
        if (_teacher is not null)
        {
            using Generator generator = StepRandom.CreateGenerator(_seed, $"noise {place.Purpose}", place.Step, place.Part);
            Random random = StepRandom.Create(_seed, $"levels {place.Purpose}", place.Step, place.Part);
            int count = Math.Min(rows.Count, _run.Text.Imitated ?? rows.Count);
            Tensor imitation = _teacher.Loss(batch.Understood[..count], [.. rows.Take(count)], random, generator, _run.Flow);
            metrics["imitation"] = imitation.detach().MoveToOuterDisposeScope();
            loss += imitation * _run.Text.Imitation;
        }

        return loss.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Export(bool isFinal)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        IReadOnlyDictionary<string, Tensor> stored = ModelFolderWriter.Rounded(Parameters.AveragePieces(), _run.Storage);
        _folder.WriteTextEncoder(
            stored.Where(pair => pair.Key.StartsWith(TrainedText.Prefix, StringComparison.Ordinal))
                .ToDictionary(pair => pair.Key[TrainedText.Prefix.Length..], pair => pair.Value, StringComparer.Ordinal),
            _text.Config);
    }

    /// <inheritdoc/>
    public void DrawSamples(string path) => throw new NotSupportedException("A text encoder has no pictures to show.");

    /// <inheritdoc/>
    public IEnumerable<(TextBatch Batch, TrainingPlace Place)> ValidationBatches() => _batches.Validation();

    /// <inheritdoc/>
    public void Dispose()
    {
        _text.Dispose();
        _teacher?.Dispose();
        Parameters.Dispose();
    }

    private Tensor FactsLoss(
        TextBatch batch, IReadOnlyList<Tensor> rows, IReadOnlyDictionary<string, Tensor> weights, IDictionary<string, Tensor> metrics)
    {
        long[] lengths = [.. rows.Select(row => row.shape[0])];
        Tensor states = cat([.. rows]).to_type(ScalarType.Float32); // [R, dim], the rows of all captions
        Tensor outputs = F.linear(states, weights[HeadWeight], weights[HeadBias]); // [R, outputs]
        Tensor answers = tensor(batch.Answers, [batch.Captions.Length, _layout.Facts.Count]).to(_device); // [B, facts]
        Tensor owners = arange(lengths.Length, ScalarType.Int64).repeat_interleave(tensor(lengths)).to(_device); // [R]
        Tensor answersByRow = answers.index_select(0, owners); // [R, facts]
        Tensor share = (1 / tensor(lengths).to_type(ScalarType.Float32)).to(_device).index_select(0, owners); // [R]
        Tensor sum = zeros(1, device: _device);
        for (int i = 0; i < _layout.Facts.Count; i++)
        {
            FactLayout.Fact fact = _layout.Facts[i];
            Tensor errors = F.cross_entropy(
                outputs.narrow(1, fact.First, fact.Values), answersByRow.select(1, i), ignore_index: FactLayout.Unknown,
                reduction: nn.Reduction.None); // [R], 0 where nothing is known
            sum = sum + (errors * share).sum();
        }

        AddAccuracies(outputs.detach(), owners, answers, metrics);
        return sum.squeeze(0) / batch.Captions.Length;
    }

    // Share of the captions whose value is told right from the mean of their rows.
    private void AddAccuracies(Tensor outputs, Tensor owners, Tensor answers, IDictionary<string, Tensor> metrics)
    {
        using var noGrad = no_grad();
        Tensor pooled = zeros([answers.shape[0], outputs.shape[1]], device: _device).index_add_(0, owners, outputs, 1); // [B, outputs]
        for (int i = 0; i < _layout.Facts.Count; i++)
        {
            FactLayout.Fact fact = _layout.Facts[i];
            if (!fact.IsCommon)
            {
                continue;
            }

            Tensor right = pooled.narrow(1, fact.First, fact.Values).argmax(1).eq(answers.select(1, i)).to_type(ScalarType.Float32); // [B]
            Tensor known = answers.select(1, i).ne(FactLayout.Unknown).to_type(ScalarType.Float32); // [B]
            metrics[$"{fact.Name}_accuracy"] = ((right * known).sum() / known.sum().clamp_min(1)).MoveToOuterDisposeScope();
        }
    }
}
