using MedGen.Classifiers.Networks;
using MedGen.Classifiers.Training.ImagingModality;
using MedGen.Evaluation.Generation;
using MedGen.Phantoms;
using MedGen.Sdk.Frames;
using static TorchSharp.torch;

namespace MedGen.Evaluation.Experiments;

/// <summary>Counts what the judges say of clips that were asked to show a modality and a label.</summary>
internal sealed class JudgedConcepts : IDisposable
{
    /// <summary>Series of modalities.</summary>
    public const string Modality = "modality";

    private readonly FrameClassifier _classifier;
    private readonly ConceptJudge _concepts;
    private readonly ClipShape _shape;
    private readonly int _references;
    private readonly string _hash;

    /// <param name="task">Judge and number of references.</param>
    public JudgedConcepts(ExperimentTask task)
    {
        _classifier = FrameClassifier.Load(task.Judge, CPU);
        _shape = ExperimentClips.ShapeOf(task.Model);
        Scoring = new ClipScoring(_classifier, _shape);
        _concepts = new ConceptJudge(Scoring, _shape, task.References);
        (_references, _hash) = (task.References, Judges.Hash(task.Judge));
    }

    /// <summary>The classifier over clips of the model's shape.</summary>
    public ClipScoring Scoring { get; }

    /// <summary>Who judges, with the hash of its weights.</summary>
    public IReadOnlyDictionary<string, string> Names =>
        new Dictionary<string, string> { ["modality-judge, and nearest mean in its features"] = _hash };

    /// <summary>Modality by the classifier: a row for each group. An abstention is wrong; kinds that it does not know are left out.</summary>
    public IEnumerable<ExperimentRow> Modalities(ExperimentClips clips) => clips.Clips
        .Where(one => Knows(one.Prompt.Asked.Kind)).GroupBy(one => one.Prompt.Group).Select(group =>
        {
            byte[][] references = [.. group.Select(one => one.Prompt.Asked).Distinct().SelectMany(HeldOut)];
            string right = RightOf(group.First().Prompt.Asked.Kind);
            return new ExperimentRow
            {
                Series = Modality, Label = group.Key, Clips = group.Count(), Right = group.Count(one => Tell(one.Pixels) == right),
                ReferenceClips = references.Length, ReferenceRight = references.Count(clip => Tell(clip) == right),
                Chance = 1.0 / Scoring.Labels.Count,
            };
        });

    /// <summary>Labels by the nearest mean: a row for each concept.</summary>
    /// <param name="clips">The clips.</param>
    /// <param name="series">Name of the series.</param>
    /// <param name="trainedOn">Training clips of a concept; null: not counted.</param>
    public IEnumerable<ExperimentRow> Labels(ExperimentClips clips, string series, Func<Concept, int>? trainedOn = null) =>
        clips.Clips.GroupBy(one => one.Prompt.Asked).Select(group =>
        {
            byte[][] references = [.. HeldOut(group.Key)];
            return new ExperimentRow
            {
                Series = series, Label = group.Key.ToString(), Clips = group.Count(),
                Right = group.Count(one => _concepts.Tell(group.Key.Kind, one.Pixels) == group.Key.Label),
                ReferenceClips = references.Length,
                ReferenceRight = references.Count(clip => _concepts.Tell(group.Key.Kind, clip) == group.Key.Label),
                Chance = 1.0 / ConceptJudge.LabelsOf(group.Key.Kind),
                TrainedOn = trainedOn?.Invoke(group.Key),
            };
        });

    /// <summary>Kinds whose modality the classifier does not know, of those asked for.</summary>
    public IReadOnlyList<string> Unknown(IEnumerable<ExperimentPrompt> prompts) =>
        [.. prompts.Select(prompt => prompt.Asked.Kind).Distinct().Where(kind => !Knows(kind))];

    /// <summary>Held-out simulated clips of a concept.</summary>
    public IEnumerable<byte[]> HeldOut(Concept concept) => SimulatedClips.Find(concept, _references, SimulatedClips.HeldOutSeed, _shape)
        .Select(clip => SimulatedClips.Render(clip.Frames, _shape));

    public void Dispose() => _classifier.Dispose();

    private static string RightOf(string kind) => ModalityLabels.Of(PhantomCatalog.Get(kind).Modality);

    private bool Knows(string kind) => Scoring.Labels.Contains(RightOf(kind));

    private string Tell(byte[] clip) => Scoring.Classify(clip) is { Abstained: false } verdict ? Scoring.Labels[verdict.Best] : "unknown";
}
