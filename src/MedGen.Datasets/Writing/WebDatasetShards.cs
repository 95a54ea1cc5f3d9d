using System.Formats.Tar;
using System.Globalization;
using System.Text;
using System.Text.Json;
using MedGen.Datasets.Specifications;
using MedGen.Datasets.Augmentation;
using MedGen.Sdk.Files;
using MedGen.Datasets.Reading;

namespace MedGen.Datasets.Writing;

/// <summary>
/// <c>train-000000.tar</c> and so on: samples of a media file, its <c>.cls</c> and its <c>.json</c>, in the order of their names. The same bytes
/// every time.
/// </summary>
internal static class WebDatasetShards
{
    private const int SamplesPerShard = 1000;

    public static async Task WriteAsync(
        string folder, AugmentationSummary summary, Func<DatasetItem, string?> realName, CancellationToken cancellationToken)
    {
        await WriteAsync(
            folder,
            [
                .. from item in summary.Items
                   let name = realName(item)
                   where name is not null
                   select (SplitTable.NameOf(item.Split), new WebDatasetSample(name, item.Label!, new()
                   {
                       ["label"] = item.Label, ["caption"] = item.Caption, ["patient_id"] = item.PatientId, ["split"] = SplitTable.NameOf(item.Split),
                       ["source"] = "real", ["synthetic"] = false,
                       ["licence"] = item.Licence, ["attribution"] = item.Attribution,
                   })),
                .. from record in summary.Records
                   where record.Kept
                   select ("train", new WebDatasetSample(record.FileName!, record.Label, new()
                   {
                       ["label"] = record.Label, ["caption"] = record.Prompt, ["patient_id"] = string.Join(
                           '|', record.Patients), ["split"] = "train", ["source"] = "synthetic", ["synthetic"] = true,
                       ["method"] = record.Method, ["derived_from"] = record.DerivedFrom, ["seed"] = record.Seed, ["model_hash"] = record.ModelHash,
                   })),
            ],
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Writes shards of any samples.</summary>
    /// <param name="folder">The data set, which the samples' files lie in.</param>
    /// <param name="samples">Each with its split.</param>
    /// <param name="cancellationToken">Stops.</param>
    public static async Task WriteAsync(
        string folder, IEnumerable<(string Split, WebDatasetSample Sample)> samples, CancellationToken cancellationToken)
    {
        foreach (IGrouping<string, WebDatasetSample> split in samples.GroupBy(one => one.Split, one => one.Sample))
        {
            WebDatasetSample[] ordered = [.. split.OrderBy(sample => sample.File, StringComparer.Ordinal)];
            foreach ((int number, WebDatasetSample[] shard) in ordered.Chunk(SamplesPerShard).Index())
            {
                string path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{split.Key}-{number:000000}.tar"));
                await WholeFile.WriteAsync(path, temporary => WriteAsync(folder, temporary, shard, cancellationToken)).ConfigureAwait(false);
            }
        }
    }

    private static async Task WriteAsync(string folder, string path, WebDatasetSample[] shard, CancellationToken cancellationToken)
    {
        TarWriter tar = new(File.Create(path), TarEntryFormat.Ustar);
        await using (tar.ConfigureAwait(false))
        {
            foreach (WebDatasetSample sample in shard)
            {
                // Dots would end the sample's key too early.
                string key = Path.ChangeExtension(sample.File, null).Replace('.', '_').Replace('/', '-');
                using FileStream media = File.OpenRead(Path.Combine(folder, sample.File));
                await AddAsync(tar, key + Path.GetExtension(sample.File), media, cancellationToken).ConfigureAwait(false);
                if (sample.Label is { } label)
                {
                    await AddAsync(tar, $"{key}.cls", new MemoryStream(Encoding.UTF8.GetBytes(label)), cancellationToken).ConfigureAwait(false);
                }

                byte[] json = JsonSerializer.SerializeToUtf8Bytes(sample.Columns, SpecificationJson.Options);
                await AddAsync(tar, $"{key}.json", new MemoryStream(json), cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static Task AddAsync(TarWriter tar, string name, Stream content, CancellationToken cancellationToken) =>
        tar.WriteEntryAsync(
            new UstarTarEntry(
                TarEntryType.RegularFile, name) { DataStream = content, ModificationTime = DateTimeOffset.UnixEpoch }, cancellationToken);
}
