using MedGen.Curation.Captions;
using MedGen.Curation.Networks;
using MedGen.Curation.Specifications;
using MedGen.Curation.Stages;
using MedGen.Media.Cutting;
using MedGen.Sdk.Analysis;
using MedGen.Sdk.Errors;

namespace MedGen.Curation.Running;

/// <summary>The stages in their order, over the networks and services that all films share.</summary>
internal sealed class StageSet : IDisposable
{
    private readonly CurationSpec _spec;
    private readonly IVideoCutter _cutter;
    private readonly IVideoCaptioner _captioner;
    private readonly List<(ScorerSpec, IQualityScorer)> _scorers = [];
    private readonly List<(DetectorSpec, IFrameDetector)> _detectors = [];
    private readonly List<IDisposable> _owned = [];

    private StageSet(CurationTask task, IVideoCutter cutter)
    {
        (_spec, _cutter) = (task.Spec, cutter);
        Network = task.ModalityWeights is { } weights ? Own(ModalityFrameNetwork.Load(weights)) : new ThumbnailNetwork();
        _captioner = _spec.Captions.Type == CaptionType.Endpoint ? Own(new EndpointCaptioner(_spec.Captions)) : new RuleCaptioner();
        foreach (ScorerSpec scorer in _spec.Scorers)
        {
            _scorers.Add((scorer, new AnalyzerScorer(Open(task, scorer.Folder, "scorers"))));
        }

        foreach (DetectorSpec detector in _spec.Detectors)
        {
            _detectors.Add((detector, new AnalyzerDetector(Open(task, detector.Folder, "detectors"))));
        }
    }

    /// <summary>What looks at single frames.</summary>
    public IFrameNetwork Network { get; }

    /// <summary>Opens networks and services.</summary>
    /// <exception cref="InvalidInputException">A folder or a key is missing.</exception>
    /// <exception cref="ModelFormatException">A network cannot be read.</exception>
    public static StageSet Open(CurationTask task, IVideoCutter cutter) => new(task, cutter);

    /// <summary>The stages for one film; they are used by one thread at a time.</summary>
    public IReadOnlyList<ICurationStage> Create() =>
    [
        new ShotStage(_spec.Shots),
        new MedicalStage(_spec.Medical, Network),
        new CoherenceStage(_spec.Coherence),
        new BorderStage(_spec.Borders, _spec.MinShortSide),
        new CutStage(_cutter, _spec.Cut, _spec.Coherence, _spec.Borders.Action),
        new TextStage(_spec.Text),
        new QualityStage(_spec.Quality),
        new ScorerStage(_scorers),
        new DetectorStage(_detectors),
        new CameraStage(),
        new CategoryStage(),
        new CaptionStage(_captioner),
    ];

    /// <inheritdoc />
    public void Dispose() => _owned.ForEach(one => one.Dispose());

    private IVideoAnalyzer Open(CurationTask task, string folder, string field)
    {
        IVideoAnalyzer analyzer = task.OpenAnalyzer?.Invoke(folder)
            ?? throw new InvalidInputException(field, "networks cannot be opened here; leave them out.");
        return analyzer is IDisposable disposable ? (IVideoAnalyzer)Own(disposable) : analyzer;
    }

    private T Own<T>(T one)
        where T : IDisposable
    {
        _owned.Add(one);
        return one;
    }
}
