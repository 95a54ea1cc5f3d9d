using System.Globalization;
using MedGen.Sdk.Errors;
using MedGen.Datasets.Reading;
using MedGen.Media;
using MedGen.Phantoms;
using MedGen.Phantoms.Lexicon;
using MedGen.Training.Optimization;
using MedGen.Training.Recipes;

namespace MedGen.Training.Clips;

/// <summary>The clips of a recipe's sources, split into those that are trained on and those that are held out.</summary>
internal sealed class ClipLibrary
{
    private readonly Dictionary<string, IReadOnlyList<TrainingClip>> _training = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyList<TrainingClip>> _heldOut = new(StringComparer.Ordinal);

    private ClipLibrary()
    {
    }

    /// <summary>Clips of a source to train on, one or more.</summary>
    public IReadOnlyList<TrainingClip> Training(string source) => _training[source];

    /// <summary>Clips of a source that are held out.</summary>
    public IReadOnlyList<TrainingClip> HeldOut(string source) => _heldOut[source];

    /// <summary>A library of one source whose clips are all trained on.</summary>
    /// <param name="source">Name of the source.</param>
    /// <param name="clips">Its clips.</param>
    public static ClipLibrary Of(string source, IReadOnlyList<TrainingClip> clips)
    {
        ClipLibrary library = new();
        library._training.Add(source, clips);
        library._heldOut.Add(source, []);
        return library;
    }

    /// <summary>Lists the clips of all sources. Pixels are not read.</summary>
    /// <exception cref="InvalidInputException">A folder, kind, class or group does not exist, or nothing is left to train on.</exception>
    public static ClipLibrary Open(IReadOnlyList<DataSourceRecipe> sources, IVideoReader reader, IReadOnlyList<IPhantom> phantoms)
    {
        ClipLibrary library = new();
        for (int i = 0; i < sources.Count; i++)
        {
            DataSourceRecipe source = sources[i];
            string field = $"data[{i}]";
            List<(TrainingClip Clip, DatasetSplit Split)> clips = source.Type switch
            {
                DataSourceType.Phantoms => Simulated(source, field, phantoms),
                DataSourceType.Clips => FromManifest(source, field, reader),
                _ => FromFolder(source, field, reader),
            };
            foreach (string group in source.HeldOutGroups.Where(group => clips.All(clip => clip.Clip.Group != group)))
            {
                throw new InvalidInputException($"{field}.held_out_groups", $"no clip is of group '{group}'.");
            }

            ILookup<bool, TrainingClip> split = clips.ToLookup(
                clip => clip.Split is DatasetSplit.Validation or DatasetSplit.Test || source.HeldOutGroups.Contains(clip.Clip.Group)
                    || PatientSplit.IsHeldOut(clip.Clip.Group, source.HeldOutFraction),
                clip => clip.Clip);
            library._heldOut.Add(source.Name, [.. split[true]]);
            library._training.Add(
                source.Name, source.MaxClips is { } most
                    ? [.. split[false].OrderBy(clip => PatientSplit.Fraction(clip.Name)).Take(most)]
                    : [.. split[false]]);
            if (library._training[source.Name].Count == 0)
            {
                throw new InvalidInputException(field, $"'{source.Name}' has no clip to train on: {split[true].Count()} are held out.");
            }
        }

        return library;
    }

    private static List<(TrainingClip Clip, DatasetSplit Split)> Simulated(DataSourceRecipe source, string field, IReadOnlyList<IPhantom> phantoms)
    {
        string[] unknown = [.. source.Kinds.Where(kind => phantoms.All(phantom => phantom.Kind != kind))];
        if (unknown.Length > 0 || phantoms.Count == 0)
        {
            throw new InvalidInputException(
                $"{field}.kinds", $"got {string.Join(", ", unknown)}; allowed: {string.Join(", ", phantoms.Select(phantom => phantom.Kind))}.");
        }

        bool IsKept(string text, double share, bool isHeldOut) => share == 0 || PatientSplit.IsHeldOut(text, share) == isHeldOut;
        CaptionSampler Sampler(bool isHeldOut) => new(
            ClinicalLexicon.Default, template => IsKept(template, source.HeldOutTemplates, isHeldOut),
            name => IsKept(name, source.HeldOutWords, isHeldOut));
        CaptionSampler training = Sampler(isHeldOut: false), heldOut = Sampler(isHeldOut: true);
        return
        [
            .. from phantom in phantoms
               where source.Kinds.Count == 0 || source.Kinds.Contains(phantom.Kind)
               from seed in Enumerable.Range(source.FirstSeed, source.Seeds)
               let clip = phantom.Simulate(new PhantomRequest { Seed = seed })
               let random = StepRandom.Create(seed, $"free captions {phantom.Kind}", 0, 0)
               let name = $"{phantom.Kind} {seed.ToString(CultureInfo.InvariantCulture)}"
               let sampler = PatientSplit.IsHeldOut(name, source.HeldOutFraction) ? heldOut : training
               select ((TrainingClip)new PhantomTrainingClip(phantom, seed)
               {
                   Source = source.Name, Name = name, Group = name, Brief = clip.BriefCaption, Detailed = clip.DetailedCaption,
                   Facts = ClipFact.Of(phantom, clip.Truth),
                   Free = [.. Enumerable.Range(0, source.FreeCaptions).Select(_ => sampler.Sample(phantom.Kind, clip.Truth, random))],
               }, DatasetSplit.None),
        ];
    }

    private static List<(TrainingClip Clip, DatasetSplit Split)> FromManifest(DataSourceRecipe source, string field, IVideoReader reader)
    {
        string path = Path.Combine(source.Folder!, ModalityManifest.FileName);
        if (!File.Exists(path))
        {
            throw new InvalidInputException($"{field}.folder", $"there is no {ModalityManifest.FileName} in '{source.Folder}'.");
        }

        // Reads the same lines a second time: once for what every manifest must have, once for the words.
        HashSet<string> modalities = [.. ModalityManifest.Read(source.Folder!).Select(item => item.ModalityCode)];
        ThrowIfEmpty(source.Classes, modalities, field);
        return
        [
            .. from row in CsvTable.Read(
                path, $"{field}.folder",
                ["path", "modality_code", "kind", "shows", "group_id", .. source.PermissiveOnly ? ["licence"] : Array.Empty<string>()]).Rows
               where row["kind"] != "dicom" && row["modality_code"] != ModalityManifest.NoModality
                   && (source.Classes.Count == 0 || source.Classes.Contains(row["modality_code"]))
                   && (!source.PermissiveOnly || TrainingLicence.IsPermissive(row["licence"]))
               select ((TrainingClip)new FileTrainingClip(reader, Path.Combine(source.Folder!, row["path"]))
               {
                   Source = source.Name,
                   Name = row["path"],
                   Group = row["group_id"],
                   Brief = CaptionTemplate.Brief(row["modality_code"], row["shows"]),
                   Detailed = CaptionTemplate.Detailed(row["modality_code"], row["shows"], row["kind"] == "video"),
                   Facts = [ClipFact.Modality(row["modality_code"])],
               }, DatasetSplit.None),
        ];
    }

    private static List<(TrainingClip Clip, DatasetSplit Split)> FromFolder(DataSourceRecipe source, string field, IVideoReader reader)
    {
        IReadOnlyList<DatasetItem> items = DatasetFolder.Read(source.Folder!);
        ThrowIfEmpty(source.Classes, items.Select(item => item.Label).OfType<string>().ToHashSet(), field);
        return
        [
            .. from item in items
               where source.Classes.Count == 0 || (item.Label is { } label && source.Classes.Contains(label))
               let caption = item.Caption ?? item.Label ?? throw new InvalidInputException(
                   $"{field}.folder", $"'{item.FileName}' has neither a caption nor a label; the model needs words for it.")
               select ((TrainingClip)new FileTrainingClip(reader, item.FullPath)
               {
                   Source = source.Name,
                   Name = item.FileName,
                   Group = item.Group,
                   Brief = caption,
                   Detailed = caption,
                   Facts = item.Label is { } fact ? [new ClipFact("label", fact)] : [],
               }, item.Split),
        ];
    }

    private static void ThrowIfEmpty(IReadOnlyList<string> wanted, HashSet<string> present, string field)
    {
        foreach (string name in wanted.Where(name => !present.Contains(name)))
        {
            throw new InvalidInputException(
                $"{field}.classes", $"class '{name}' has no clip; there are {string.Join(", ", present.Order(StringComparer.Ordinal))}.");
        }
    }
}
