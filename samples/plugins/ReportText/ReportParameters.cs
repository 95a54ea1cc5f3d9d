using System.ComponentModel;

namespace ReportText;

/// <summary>What a caller can choose.</summary>
internal sealed record ReportParameters
{
    /// <summary>Language of the report.</summary>
    [Description("Language of the report: English or German.")]
    public ReportLanguage Language { get; init; }
}

/// <summary>A language, by its tag in BCP 47.</summary>
internal enum ReportLanguage
{
    /// <summary>English.</summary>
    En,

    /// <summary>German.</summary>
    De,
}
