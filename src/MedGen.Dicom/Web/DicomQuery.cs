using System.Globalization;
using System.Text;
using MedGen.Dicom.DataSets;
using MedGen.Sdk.Errors;

namespace MedGen.Dicom.Web;

/// <summary>A search (QIDO-RS, PS3.18, 10.6): what is listed, below what, and which attributes have to match.</summary>
public sealed record DicomQuery
{
    /// <summary>Most answers that may be asked for at once.</summary>
    public const int LargestLimit = 10_000;

    /// <summary>What is listed.</summary>
    public required DicomLevel Level { get; init; }

    /// <summary>Study Instance UID of the study to look in; null: any. Needed with <see cref="Series"/>.</summary>
    public string? Study { get; init; }

    /// <summary>Series Instance UID of the series to look in; null: any.</summary>
    public string? Series { get; init; }

    /// <summary>Attributes that have to match, with their values, which may hold * and ?, or for dates a range A-B.</summary>
    public IReadOnlyDictionary<DicomTag, string> Match { get; init; } = new Dictionary<DicomTag, string>();

    /// <summary>Attributes that are wanted beside those that every server gives.</summary>
    public IReadOnlyList<DicomTag> Include { get; init; } = [];

    /// <summary>Most answers, 1 to 10,000; default 1,000.</summary>
    public int Limit { get; init; } = 1000;

    /// <summary>Answers to pass over, 0 or more.</summary>
    public int Offset { get; init; }

    /// <summary>Reads an attribute by its keyword or its eight digits.</summary>
    /// <param name="text">For instance PatientID or 00100020.</param>
    /// <returns>Null: it is neither.</returns>
    public static DicomTag? TagOf(string text) => DicomTag.TryParse(text, out DicomTag tag) ? tag : StandardElements.TagOf(text);

    /// <summary>Checks the query.</summary>
    /// <param name="violations">Takes what is wrong.</param>
    public void Check(Violations violations)
    {
        ArgumentNullException.ThrowIfNull(violations);
        foreach ((string field, string? uid) in new[] { ("study", Study), ("series", Series) })
        {
            violations.Require(uid is null || DicomUid.IsValid(uid), field, $"got another text", $"a UID of at most 64 digits and dots");
        }

        violations.Require(Series is null || Study is not null, "study", $"is missing", $"the study of the series");
        violations.Require(Level > DicomLevel.Studies || Study is null, "study", $"got one at the level of studies",
            $"StudyInstanceUID as an attribute");
        violations.Require(Level > DicomLevel.Series || Series is null, "series", $"got one at the level of series", $"a series for instances");
        violations.Within<int>("limit", Limit, 1, LargestLimit);
        violations.Within<int>("offset", Offset, 0, int.MaxValue);
    }

    /// <summary>The query as an address below the server's.</summary>
    /// <returns>For instance <c>studies/1.2/series?Modality=US&amp;limit=100</c>.</returns>
    public string ToAddress()
    {
        StringBuilder address = new();
        if (Study is not null)
        {
            address.Append(CultureInfo.InvariantCulture, $"studies/{Study}/");
        }

        if (Series is not null)
        {
            address.Append(CultureInfo.InvariantCulture, $"series/{Series}/");
        }

        address.Append(Level.ToString().ToLowerInvariant()).Append(CultureInfo.InvariantCulture, $"?limit={Limit}&offset={Offset}");
        foreach ((DicomTag tag, string value) in Match)
        {
            address.Append(CultureInfo.InvariantCulture, $"&{tag.Value:X8}={Uri.EscapeDataString(value)}");
        }

        foreach (DicomTag tag in Include)
        {
            address.Append(CultureInfo.InvariantCulture, $"&includefield={tag.Value:X8}");
        }

        return address.ToString();
    }
}
