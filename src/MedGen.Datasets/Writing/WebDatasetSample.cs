namespace MedGen.Datasets.Writing;

/// <summary>A sample of a WebDataset shard.</summary>
/// <param name="File">Its media file, relative to the data set.</param>
/// <param name="Label">Content of its <c>.cls</c>; null: it has none.</param>
/// <param name="Columns">Content of its <c>.json</c>.</param>
internal sealed record WebDatasetSample(string File, string? Label, Dictionary<string, object?> Columns);
