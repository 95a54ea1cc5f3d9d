using MedGen.Datasets.Files;
using MedGen.Datasets.Augmentation;
using MedGen.Datasets.Clips;
using MedGen.Sdk.Files;
using MedGen.Datasets.Reading;
using MedGen.Datasets.Reports;

namespace MedGen.Datasets.Writing;

/// <summary>Completes the output folder once all clips are made.</summary>
internal static class OutputFolder
{
    /// <summary>Copies real clips, writes tables, pictures, card and, when asked, tar or Parquet shards.</summary>
    public static async Task CompleteAsync(
        string folder, AugmentationSpec spec, AugmentationSummary summary, IReadOnlyList<DecodedClip> training, ClipFiles files, PathScope scope,
        RunProgress progress, CancellationToken cancellationToken)
    {
        int done = 0;
        foreach (DatasetItem item in spec.Output.IncludeReal ? summary.Items : [])
        {
            cancellationToken.ThrowIfCancellationRequested();
            string copy = Path.Combine(folder, RealName(item));
            if (!File.Exists(copy))
            {
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                WholeFile.Write(copy, path => File.Copy(scope.Resolve(item.FullPath, DatasetFolder.Field), path, overwrite: true));
            }

            await progress.FinishingAsync(++done, summary.Items.Count, cancellationToken).ConfigureAwait(false);
        }

        ReportFigure? nearest = await NearestPairs.DrawAsync(spec, summary, training, files, cancellationToken).ConfigureAwait(false);
        ManifestTable.Write(folder, spec, summary, item => spec.Output.IncludeReal ? RealName(item) : null);
        if (spec.Output.Format == ClipFormat.Webdataset)
        {
            await WebDatasetShards.WriteAsync(folder, summary, item => spec.Output.IncludeReal ? RealName(item) : null, cancellationToken)
                .ConfigureAwait(false);
        }

        if (spec.Output.Format == ClipFormat.Parquet)
        {
            await ParquetShards.WriteAsync(folder, spec, summary, item => spec.Output.IncludeReal ? RealName(item) : null, cancellationToken)
                .ConfigureAwait(false);
        }

        GeneratorsFile.Write(folder, summary.Generators);
        PrivacyFile.Write(folder, summary.Reidentification);
        DatasetCard.Of(spec, summary, nearest).Write(folder, "README.md");
    }

    /// <summary>Where a real clip's copy lies.</summary>
    private static string RealName(DatasetItem item) => $"{SplitTable.NameOf(item.Split)}/real/{item.FileName}";
}
