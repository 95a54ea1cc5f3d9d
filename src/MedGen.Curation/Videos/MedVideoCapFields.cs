namespace MedGen.Curation.Videos;

/// <summary>
/// The fields of MedVideoCap-55K (arXiv 2507.05675) under one spelling each, whatever case, blanks or hyphens a manifest writes them with.
/// </summary>
internal static class MedVideoCapFields
{
    private const string FileName = "file_name";

    // Spelling in lower case with underscores, and what we call it.
    private static readonly Dictionary<string, string> Ours = new(StringComparer.Ordinal)
    {
        ["video"] = FileName, ["video_name"] = FileName, ["video_path"] = FileName, ["file_name"] = FileName,
        ["aesthetic_score"] = "aesthetic", ["dover_score"] = "dover",
        ["brief"] = "brief_caption", ["short_caption"] = "brief_caption",
        ["detailed"] = "detailed_caption", ["long_caption"] = "detailed_caption",
        ["bit_rate"] = "bitrate", ["frame_rate"] = "fps", ["license"] = "licence",
    };

    /// <summary>The cell that names the film; empty: there is none.</summary>
    public static string NameOf(IReadOnlyDictionary<string, string> cells) => Renamed(cells).GetValueOrDefault(FileName, "");

    /// <summary>The cells under our names; a column that is none of these keeps its own.</summary>
    public static IReadOnlyDictionary<string, string> Renamed(IReadOnlyDictionary<string, string> cells)
    {
        Dictionary<string, string> renamed = new(StringComparer.Ordinal);
        foreach ((string name, string value) in cells)
        {
            string plain = name.Trim().ToLowerInvariant().Replace(' ', '_').Replace('-', '_');
            renamed.TryAdd(Ours.GetValueOrDefault(plain, plain), value);
        }

        return renamed;
    }
}
