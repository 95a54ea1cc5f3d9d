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
    /// <param name="scope">Where the files may lie.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>One a generator, in the order of its first clip; none where no model made a clip.</returns>
    public static async Task<IReadOnlyList<GeneratorExposure>> OfAsync(
        IEnumerable<ClipRecord> records, IEnumerable<AdapterRecord> trained, IEnumerable<DatasetItem> items, ModelDescription? model, PathScope scope,
        CancellationToken cancellationToken)
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
                Seen = isHosts && adapter is null && model!.TrainingData is { } data
                    ? await SeenAsync(data, heldOut, scope, cancellationToken).ConfigureAwait(false)
                    : null,
            });
        }

        return exposures;
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
