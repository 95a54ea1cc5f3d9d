using MedGen.Datasets.Augmentation;
using MedGen.Datasets.Files;
using MedGen.Datasets.Reading;
using MedGen.Sdk.Models;

namespace MedGen.Datasets.Running;

/// <summary>Compares what generators were trained on with the clips that a data set holds out.</summary>
internal static class ExposureCheck
{
    /// <summary>Checks every generator that made a clip.</summary>
    /// <param name="records">The made clips.</param>
    /// <param name="trained">Adapters that were trained on the training split; they add nothing that is held out.</param>
    /// <param name="items">The data set.</param>
    /// <param name="model">The host's model; null: there is none.</param>
    /// <param name="adapterData">What the host's adapter of a name was trained on, null where nothing says it; null: the host has none.</param>
    /// <param name="scope">Where the files may lie.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>One a generator, in the order of its first clip; none where no model made a clip.</returns>
    public static async Task<IReadOnlyList<GeneratorExposure>> OfAsync(
        IEnumerable<ClipRecord> records, IEnumerable<AdapterRecord> trained, IEnumerable<DatasetItem> items, ModelDescription? model,
        Func<string, CancellationToken, Task<TrainingData?>>? adapterData, PathScope scope, CancellationToken cancellationToken)
    {
        HashSet<string> own = [.. trained.Select(adapter => adapter.Name)];
        DatasetItem[] heldOut = [.. items.Where(item => item.Split is DatasetSplit.Validation or DatasetSplit.Test)];
        List<GeneratorExposure> exposures = [];
        foreach ((string hash, string? adapter) in records.Where(record => record.ModelHash is not null)
            .Select(record => (record.ModelHash!, record.Adapter is { } name && !own.Contains(name) ? name : null)).Distinct())
        {
            bool isHosts = hash == model?.Hash;
            exposures.Add(new GeneratorExposure
            {
                Model = isHosts ? model!.Name : null,
                ModelHash = hash,
                Adapter = adapter,
                HeldOut = heldOut.Length,
                Seen = await SeenByAsync(isHosts ? model!.TrainingData : null, adapter).ConfigureAwait(false),
            });
        }

        return exposures;

        // Where a part is not known, clips that the other has seen are still seen, but none seen by it says nothing.
        async Task<int?> SeenByAsync(TrainingData? ofModel, string? adapter)
        {
            TrainingData? ofAdapter = adapter is null ? TrainingData.None
                : adapterData is null ? null
                : await adapterData(adapter, cancellationToken).ConfigureAwait(false);
            TrainingData known = (ofModel ?? TrainingData.None).With(ofAdapter ?? TrainingData.None);
            int seen = await SeenAsync(known, heldOut, scope, cancellationToken).ConfigureAwait(false);
            return seen > 0 || (ofModel is not null && ofAdapter is not null) ? seen : null;
        }
    }

    private static async Task<int> SeenAsync(TrainingData data, DatasetItem[] items, PathScope scope, CancellationToken cancellationToken)
    {
        int seen = 0;
        foreach (DatasetItem item in items)
        {
            string hash = await FileHash.OfAsync(scope.Resolve(item.FullPath, DatasetFolder.Field), cancellationToken).ConfigureAwait(false);
            seen += data.HasSeen(hash, item.PatientId) ? 1 : 0;
        }

        return seen;
    }
}
