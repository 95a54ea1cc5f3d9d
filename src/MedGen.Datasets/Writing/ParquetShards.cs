using System.Globalization;
using System.Text.Json;
using MedGen.Datasets.Augmentation;
using MedGen.Datasets.Reading;
using Parquet;
using Parquet.Schema;

namespace MedGen.Datasets.Writing;

/// <summary>
/// <c>data/train-00000-of-00001.parquet</c> and so on, as Hugging Face's <c>datasets</c> stores videos: a struct <c>video</c> of the video's bytes
/// and its path, and columns of its own. The schema metadata <c>huggingface</c> names the types, so that <c>load_dataset</c> decodes the
/// videos. The same bytes every time.
/// </summary>
internal static class ParquetShards
{
    /// <summary>Folder of the files, in the output.</summary>
    public const string Folder = "data";

    private const int ClipsPerShard = 1000;

    // Videos of a group are in memory at once, here and at the reader's.
    private const int ClipsPerGroup = 50;

    private static readonly ParquetOptions Options = new() { CompressionMethod = CompressionMethod.None }; // videos do not shrink

    private static readonly Dictionary<string, Type> Numbers = new()
    {
        ["seed"] = typeof(long), ["steps"] = typeof(int), ["num_frames"] = typeof(int),
        ["guidance_scale"] = typeof(double), ["shift"] = typeof(double), ["frames_per_second"] = typeof(double), ["nn_distance"] = typeof(double),
    };

    private static readonly DataField<byte[]> Bytes = new("bytes");
    private static readonly DataField<string> Name = new("path");

    /// <summary>Writes the files of an augmentation's splits.</summary>
    public static async Task WriteAsync(
        string folder, AugmentationSpec spec, AugmentationSummary summary, Func<DatasetItem, string?> realName, CancellationToken cancellationToken)
    {
        DataField[] columns =
        [
            .. ManifestTable.ColumnsOf(summary.Items)
                .Select(name => new DataField(name, Numbers.GetValueOrDefault(name, typeof(string)), isNullable: true)),
        ];
        await WriteAsync(
            folder, columns,
            ManifestTable.Rows(spec, summary, realName).Where(row => row.IsInFolder).Select(row => row.Cells)
                .Select(cells => (cells[ManifestTable.SplitColumn]!, cells[ManifestTable.NameColumn]!, cells)),
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Writes the files of any rows. What an earlier run left is replaced; nothing half-written stays.</summary>
    /// <param name="folder">The data set, which the videos lie in.</param>
    /// <param name="columns">The columns beside the video: texts, integers and float64.</param>
    /// <param name="rows">Of each video its split, its file and its cells, in the order of the columns.</param>
    /// <param name="cancellationToken">Stops.</param>
    public static async Task WriteAsync(
        string folder, DataField[] columns, IEnumerable<(string Split, string File, string?[] Cells)> rows, CancellationToken cancellationToken)
    {
        string target = Path.Combine(folder, Folder);
        string temporary = $"{target}.tmp";
        Clear(temporary);
        Directory.CreateDirectory(temporary);
        try
        {
            foreach (IGrouping<string, (string Split, string File, string?[] Cells)> split in rows.GroupBy(row => row.Split))
            {
                (string Split, string File, string?[] Cells)[][] shards =
                    [.. split.OrderBy(row => row.File, StringComparer.Ordinal).Chunk(ClipsPerShard)];
                foreach ((int number, (string Split, string File, string?[] Cells)[] shard) in shards.Index())
                {
                    string name = string.Create(CultureInfo.InvariantCulture, $"{split.Key}-{number:00000}-of-{shards.Length:00000}.parquet");
                    await WriteAsync(folder, Path.Combine(temporary, name), columns, shard, cancellationToken).ConfigureAwait(false);
                }
            }

            Clear(target);
            Directory.Move(temporary, target);
        }
        finally
        {
            Clear(temporary);
        }
    }

    private static async Task WriteAsync(
        string folder, string path, DataField[] fields, (string Split, string File, string?[] Cells)[] rows, CancellationToken cancellationToken)
    {
        ParquetSchema schema = new([new StructField("video", Bytes, Name), .. fields]);
        FileStream file = File.Create(path);
        await using (file.ConfigureAwait(false))
        {
            ParquetWriter writer = await ParquetWriter.CreateAsync(schema, file, Options, cancellationToken: cancellationToken).ConfigureAwait(false);
            await using (writer.ConfigureAwait(false))
            {
                writer.CustomMetadata = new Dictionary<string, string> { ["huggingface"] = Features(fields) };
                foreach ((string Split, string File, string?[] Cells)[] group in rows.Chunk(ClipsPerGroup))
                {
                    using ParquetRowGroupWriter columns = writer.CreateRowGroup();
                    string[] names = [.. group.Select(row => row.File)];
                    byte[][] videos = new byte[names.Length][];
                    for (int i = 0; i < videos.Length; i++)
                    {
                        videos[i] = await File.ReadAllBytesAsync(Path.Combine(folder, names[i]), cancellationToken).ConfigureAwait(false);
                    }

                    await columns.WriteAsync(Bytes, videos).ConfigureAwait(false);
                    await columns.WriteAsync(Name, names).ConfigureAwait(false);
                    foreach ((int index, DataField column) in fields.Index())
                    {
                        await WriteAsync(columns, column, [.. group.Select(row => row.Cells[index])], cancellationToken).ConfigureAwait(false);
                    }

                    columns.CompleteValidate();
                }
            }
        }
    }

    private static Task WriteAsync(ParquetRowGroupWriter columns, DataField column, string?[] cells, CancellationToken cancellationToken)
    {
        return column.ClrType == typeof(long)
            ? Numeric<long>()
            : column.ClrType == typeof(int)
            ? Numeric<int>()
            : column.ClrType == typeof(double)
            ? Numeric<double>()
            : columns.WriteAsync(column, (IReadOnlyCollection<string?>)cells!);

        Task Numeric<T>()
            where T : struct, IParsable<T> =>
            columns.WriteAsync<T>(
                column, cells.Select(cell => cell is null ? (T?)null : T.Parse(cell, CultureInfo.InvariantCulture)).ToArray()
                    .AsMemory(), null, null, cancellationToken);
    }

    private static string Features(DataField[] fields) => JsonSerializer.Serialize(new
    {
        info = new
        {
            features = new Dictionary<string, object> { ["video"] = new { _type = "Video" } }
                .Concat(fields.Select(column => KeyValuePair.Create(column.Name, (object)new
            {
                dtype = column.ClrType == typeof(long)
                    ? "int64"
                    : column.ClrType == typeof(int)
                    ? "int32"
                    : column.ClrType == typeof(double)
                    ? "float64"
                    : "string", _type = "Value",
            }))).ToDictionary(),
        },
    });

    private static void Clear(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
