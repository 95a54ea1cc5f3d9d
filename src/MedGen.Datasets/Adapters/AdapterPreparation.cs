using System.Security.Cryptography;
using System.Text.Json;
using MedGen.Datasets.Specifications;
using MedGen.Sdk.Augmentation;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Models;
using MedGen.Datasets.Augmentation;
using MedGen.Datasets.Clips;
using MedGen.Datasets.Files;
using MedGen.Datasets.Reading;

namespace MedGen.Datasets.Adapters;

/// <summary>
/// Sees to it, before the first clip is made, that the adapters of a run are there. One that an earlier start has finished is used again, one that it
/// has begun is gone on with. Every clip comes through <see cref="GeneratorInput"/>.
/// </summary>
internal sealed class AdapterPreparation(
    AugmentationSpec spec, IDatasetAugmenter augmenter, IAdapterTrainer? trainer, string output, RunProgress progress)
{
    private readonly AdapterStore _store = new(output);

    /// <summary>Trains what is missing.</summary>
    /// <param name="plan">Says which classes clips are made for, and has their training clips.</param>
    /// <param name="cancellationToken">Stops after a step; what is done stays.</param>
    /// <exception cref="InvalidInputException">The output folder holds adapters that depend on something else.</exception>
    public async Task<MethodAdapters> PrepareAsync(AugmentationPlan plan, CancellationToken cancellationToken)
    {
        IReadOnlyList<AdapterNeed?> needs = await AdapterNeeds.OfAsync(spec, augmenter, cancellationToken).ConfigureAwait(false);
        List<AdapterSlot> slots = [];
        string modelHash = needs.Any(need => need is TrainedAdapter) ? trainer!.ComputeModelHash() : "";
        for (int method = 0; method < needs.Count; method++)
        {
            if (needs[method] is TrainedAdapter training)
            {
                // An adapter of the data set sees all its classes, one of a class is of no use where nothing is made.
                (string? Class, ClassTarget[] Targets)[] scopes = training.Scope == AdapterScope.Dataset
                    ? [(null, [.. plan.Targets])]
                    : [.. plan.Targets.Where(target => target.Wanted > 0).Select(target => ((string?)target.Name, (ClassTarget[])[target]))];
                foreach ((string? name, ClassTarget[] targets) in scopes)
                {
                    slots.Add(await SlotAsync(plan, method, training, name, targets, modelHash, cancellationToken).ConfigureAwait(false));
                }
            }
        }

        return new MethodAdapters(needs, slots.Count == 0 ? [] : await FillAsync(slots, cancellationToken).ConfigureAwait(false));
    }

    private async Task<AdapterSlot> SlotAsync(
        AugmentationPlan plan, int method, TrainedAdapter training, string? className, ClassTarget[] targets, string modelHash,
        CancellationToken cancellationToken)
    {
        AugmentationMethod asked = spec.Methods[method].ToMethod();
        List<CaptionedClip> clips = [];
        List<DatasetItem> items = [];
        SortedSet<string> patients = new(StringComparer.Ordinal);
        foreach (ClassTarget target in targets.OrderBy(target => target.Name, StringComparer.Ordinal))
        {
            foreach (DecodedClip clip in plan.SourcesOf(target).OrderBy(clip => clip.Item.FileName, StringComparer.Ordinal))
            {
                SourceClip input = GeneratorInput.Of(clip);
                string sha256 = Convert.ToHexStringLower(SHA256.HashData(await clip.ReadAsync(cancellationToken).ConfigureAwait(false)));
                CaptionRequest request = new() { Method = asked, Label = target.Name, Clip = input };
                clips.Add(new CaptionedClip(input, sha256, await augmenter.GetCaptionsAsync(request, cancellationToken).ConfigureAwait(false)));
                items.Add(clip.Item);
                patients.Add(clip.Item.Group);
            }
        }

        string key = Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(
            new { modelHash, training, spec.Seed, spec.Clip, Clips = clips.Select(clip => new { clip.Sha256, clip.Captions }) },
            SpecificationJson.Options)));
        string[] parts =
        [
            spec.Methods[method].Type,
            .. spec.Methods.Count(other => other.Type == spec.Methods[method].Type) > 1 ? (string[])[$"{method + 1}"] : [],
            .. className is null ? (string[])[] : [targets[0].Slug],
            key[..8],
        ];
        return new AdapterSlot(string.Join('-', parts), key, modelHash, method, className, training, clips, items, [.. patients]);
    }

    private async Task<IReadOnlyList<AdapterRecord>> FillAsync(List<AdapterSlot> slots, CancellationToken cancellationToken)
    {
        IReadOnlyList<AdapterRecord> earlier = _store.Read();
        Dictionary<AdapterSlot, AdapterRecord?> found = slots.ToDictionary(slot => slot, slot => Find(slot, earlier));
        _store.Prepare(slots.Select(slot => slot.Name));
        int total = slots.Where(slot => found[slot] is null).Sum(slot => slot.Training.Steps);
        int before = 0;
        List<AdapterRecord> records = [];
        foreach (AdapterSlot slot in slots)
        {
            if (found[slot] is { } record)
            {
                records.Add(record);
                continue;
            }

            records.Add(await TrainAsync(slot, before, total, cancellationToken).ConfigureAwait(false));
            before += slot.Training.Steps;
        }

        return records;
    }

    private AdapterRecord? Find(AdapterSlot slot, IReadOnlyList<AdapterRecord> records)
    {
        if (records.FirstOrDefault(record => record.Method == slot.Method && record.Class == slot.Class) is not { } record)
        {
            return null;
        }

        if (record.Key != slot.Key)
        {
            string differs = record.ModelHash == slot.ModelHash
                ? "other clips, captions or options"
                : $"another model ({record.ModelHash[..12]}, now {slot.ModelHash[..12]})";
            throw new InvalidInputException(
                "out", $"its adapter '{record.Name}' was trained with {differs}; go on with the same, or give another folder or --overwrite.");
        }

        string file = _store.FileOf(record.Name);
        return !File.Exists(file) ? null
            : HashOf(file) == record.Sha256 ? record
            : throw new InvalidInputException(
                "out", $"{AdapterStore.FolderName}/{Path.GetFileName(file)} was changed since it was trained; --overwrite starts anew.");
    }

    private async Task<AdapterRecord> TrainAsync(AdapterSlot slot, int before, int total, CancellationToken cancellationToken)
    {
        AdapterTrainingTask task = new()
        {
            Name = slot.Name, Training = slot.Training, Clips = slot.Clips, Shape = spec.Clip, Seed = spec.Seed,
            File = _store.FileOf(slot.Name), WorkFolder = _store.WorkFolderOf(slot.Name),
        };
        AdapterTrainingResult loss = await ProgressRelay.RunAsync<AdapterTrainingStatus, AdapterTrainingResult>(
            (told, token) => trainer!.TrainAsync(task, told, token),
            (status, token) => progress.TrainingAsync(before + status.Done, total, token),
            cancellationToken).ConfigureAwait(false);
        AdapterRecord record = new()
        {
            Name = slot.Name, Key = slot.Key, Sha256 = HashOf(task.File), ModelHash = slot.ModelHash, Method = slot.Method, Class = slot.Class,
            Training = slot.Training,
            Clips = slot.Clips.Select(clip => clip.Clip.Id).Distinct().Count(), Patients = slot.Patients, Loss = loss,
        };
        List<(string Sha256, string? Group)> recordings = [];
        foreach (DatasetItem item in slot.Items)
        {
            recordings.Add((await FileHash.OfAsync(item.FullPath, cancellationToken).ConfigureAwait(false), item.PatientId));
        }

        _store.Add(record, TrainingData.Of(recordings));
        return record;
    }

    private static string HashOf(string file)
    {
        using FileStream stream = File.OpenRead(file);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    // An adapter that the specification asks for.
    private sealed record AdapterSlot(
        string Name, string Key, string ModelHash, int Method, string? Class, TrainedAdapter Training, IReadOnlyList<CaptionedClip> Clips,
        IReadOnlyList<DatasetItem> Items, IReadOnlyList<string> Patients);
}
