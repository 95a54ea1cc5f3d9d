using MedGen.Sdk.Frames;
using MedGen.Datasets.Reading;
using MedGen.Sdk.Errors;
using MedGen.Media;
using MedGen.Phantoms;
using MedGen.Training.Clips;
using MedGen.Training.Recipes;

namespace MedGen.Evaluation.Generation;

/// <summary>The clips that generated ones are compared with.</summary>
/// <param name="Shape">Shape of generated and simulated clips.</param>
/// <param name="Kinds">Simulator of each prompt.</param>
/// <param name="Training">Simulated clips that the model was trained on.</param>
/// <param name="HeldOut">Simulated clips with seeds that it never saw.</param>
/// <param name="Real">Real clips and stills of groups that it never saw.</param>
/// <param name="NotRead">Names of real ones that cannot be decoded.</param>
internal sealed record EvaluationData(
    ClipShape Shape, IReadOnlyList<IPhantom> Kinds, ClipSample Training, ClipSample HeldOut, IReadOnlyList<EvaluationData.RealClip> Real,
    IReadOnlyList<string> NotRead)
{
    /// <summary>A real clip.</summary>
    /// <param name="Source">Source in the recipe.</param>
    /// <param name="Modality">DICOM defined term.</param>
    /// <param name="Pixels">R, G, B bytes.</param>
    /// <param name="Shape">Its shape; one frame where it is a still.</param>
    public sealed record RealClip(string Source, string Modality, byte[] Pixels, ClipShape Shape);

    /// <summary>Simulates and decodes.</summary>
    /// <exception cref="InvalidInputException">
    /// A kind is unknown or was not trained on, held-out seeds are among those of the recipe, or more real clips are unreadable than the recipe
    /// allows.
    /// </exception>
    public static async Task<EvaluationData> PrepareAsync(
        GenerationEvaluationSpec spec, TrainingRecipe recipe, IVideoReader reader, IReadOnlyList<IPhantom> phantoms, Action<string, double> progress,
        CancellationToken cancellationToken)
    {
        ClipShape shape = spec.Shape;
        IPhantom[] kinds = [.. spec.Prompts.Select((prompt, index) => phantoms.FirstOrDefault(phantom => phantom.Kind == prompt.Kind)
            ?? throw new InvalidInputException(
                $"prompts[{index}].kind", $"got '{prompt.Kind}'; allowed: {string.Join(", ", phantoms.Select(phantom => phantom.Kind))}."))];
        foreach (DataSourceRecipe source in recipe.Data.Where(source =>
            source.Type == DataSourceType.Phantoms && source.FirstSeed + source.Seeds > spec.HeldOutSeed))
        {
            throw new InvalidInputException(
                "held_out_seed",
                $"got {spec.HeldOutSeed}; source '{source.Name}' was trained on seeds up to {source.FirstSeed + source.Seeds - 1}, and a higher one "
                    + "is needed.");
        }

        ClipLibrary library = ClipLibrary.Open(recipe.Data, reader, phantoms);
        TrainingClip[] trained = [.. recipe.Data.SelectMany(source => library.Training(source.Name))];
        List<(int Prompt, TrainingClip Clip)> training = [];
        List<(int Prompt, TrainingClip Clip)> heldOut = [];
        for (int prompt = 0; prompt < kinds.Length; prompt++)
        {
            IPhantom kind = kinds[prompt];
            TrainingClip[] own =
                [.. trained.OfType<PhantomTrainingClip>().Where(clip => clip.Phantom.Kind == kind.Kind).OrderBy(clip =>
                    PatientSplit.Fraction(clip.Name)).Take(spec.Seeds)];
            if (own.Length < spec.Seeds)
            {
                throw new InvalidInputException(
                    $"prompts[{prompt}].kind",
                    $"'{kind.Kind}' has {own.Length} training clips in {Path.GetFileName(spec.Training)}; seeds asks for {spec.Seeds}.");
            }

            training.AddRange(own.Select(clip => (prompt, clip)));
            heldOut.AddRange(Enumerable.Range(spec.HeldOutSeed, spec.Seeds).Select(seed => (prompt, (TrainingClip)new PhantomTrainingClip(kind, seed)
            {
                Source = "simulated", Name = $"{kind.Kind} {seed}", Group = $"{kind.Kind} {seed}", Brief = "", Detailed = "",
            })));
        }

        progress("preparing clips", 0);
        (IReadOnlyList<RealClip> real, IReadOnlyList<string> notRead) = await ReadAsync(recipe, library, shape, cancellationToken)
            .ConfigureAwait(false);
        return new EvaluationData(
            shape,
            kinds,
            await SimulateAsync(training, shape, cancellationToken).ConfigureAwait(false),
            await SimulateAsync(heldOut, shape, cancellationToken).ConfigureAwait(false),
            real,
            notRead);
    }

    private static async Task<ClipSample> SimulateAsync(
        List<(int Prompt, TrainingClip Clip)> clips, ClipShape shape, CancellationToken cancellationToken)
    {
        byte[][] pixels = new byte[clips.Count][];
        await Parallel.ForAsync(
            0, clips.Count, cancellationToken, async (i, token) =>
                pixels[i] = (await clips[i].Clip.ReadAsync(shape, token).ConfigureAwait(false))!).ConfigureAwait(false);
        return new ClipSample(pixels, [.. clips.Select(clip => clip.Prompt)]);
    }

    private static async Task<(IReadOnlyList<RealClip> Clips, IReadOnlyList<string> NotRead)> ReadAsync(
        TrainingRecipe recipe, ClipLibrary library, ClipShape shape, CancellationToken cancellationToken)
    {
        List<RealClip> clips = [];
        List<string> notRead = [];
        UnreadableClips unreadable = new();
        foreach (DataSourceRecipe source in recipe.Data.Where(source => source.Type == DataSourceType.Clips))
        {
            Dictionary<string, string> modalities = ModalityManifest.Read(source.Folder!)
                .ToDictionary(item => item.Path, item => item.ModalityCode, StringComparer.Ordinal);
            foreach (TrainingClip clip in library.HeldOut(source.Name))
            {
                try
                {
                    clips.Add(await ReadAsync(clip, modalities[clip.Name], shape, cancellationToken).ConfigureAwait(false));
                }
                catch (MediaException exception)
                {
                    unreadable.Add(clip, exception, source.MaxUnreadable);
                    notRead.Add(clip.Name);
                }
            }
        }

        return (clips, notRead);
    }

    // A video at the shape, a still or a short video as one frame.
    private static async Task<RealClip> ReadAsync(TrainingClip clip, string modality, ClipShape shape, CancellationToken cancellationToken)
    {
        if (await clip.ReadAsync(shape, cancellationToken).ConfigureAwait(false) is { } video)
        {
            return new RealClip(clip.Source, modality, video, shape);
        }

        ClipShape one = shape with { NumFrames = 1 };
        return new RealClip(clip.Source, modality, (await clip.ReadAsync(one, cancellationToken).ConfigureAwait(false))!, one);
    }
}
