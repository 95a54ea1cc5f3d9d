namespace MedGen.Plugins.Augmentation.Classic;

/// <summary>A mirroring of the picture or of time.</summary>
internal enum Mirroring
{
    /// <summary>Left and right.</summary>
    Horizontal,

    /// <summary>Top and bottom.</summary>
    Vertical,

    /// <summary>The clip backwards.</summary>
    Time,
}
