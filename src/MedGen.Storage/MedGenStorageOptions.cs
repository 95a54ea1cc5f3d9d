using System.ComponentModel.DataAnnotations;

namespace MedGen.Storage;

/// <summary>Where and how much is stored. Checked when the host starts.</summary>
public sealed class MedGenStorageOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "MedGen:Storage";

    /// <summary>
    /// Folder of the database and the artifacts; made, for this user only, when it is not there. One host at a time uses it.
    /// Default: <c>medgen</c> in the user's local application data.
    /// </summary>
    [Required]
    public string DataFolder { get; set; } =
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "medgen");

    /// <summary>Largest artifact in bytes, 1 to 1 TiB. Default 2 GiB.</summary>
    [Range(1L, 1L << 40)]
    public long MaxArtifactBytes { get; set; } = 2L << 30;

    /// <summary>How long a statement waits for another process that holds the database, 1 s to 5 min. Default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan BusyTimeout { get; set; } = TimeSpan.FromSeconds(30);
}
