namespace MedGen.Datasets.Augmentation;

/// <summary>How made clips are written.</summary>
public enum ClipFormat
{
    /// <summary>H.264 in MP4, visually lossless.</summary>
    Mp4,

    /// <summary>H.264 in MP4, lossless RGB: the pixels come back exactly.</summary>
    Mp4Lossless,

    /// <summary>A folder of PNG files for each clip.</summary>
    Png,

    /// <summary>MP4, and beside the folder WebDataset tar shards of each split's made and real clips.</summary>
    Webdataset,

    /// <summary>MP4, and beside it Parquet files of each split's made and real clips, which hold the videos themselves.</summary>
    Parquet,
}
