namespace MedGen.Curation.Results;

/// <summary>Names in the funnel of what is judged of whole films.</summary>
internal static class FilmStages
{
    /// <summary>Whether it can be decoded.</summary>
    public const string Readable = "readable";

    /// <summary>Whether it is there twice.</summary>
    public const string Duplicate = "duplicates";

    /// <summary>Whether it is large enough.</summary>
    public const string Size = "resolution";

    /// <summary>Whether any of its keyframes is medical.</summary>
    public const string Keyframes = "keyframes";
}
