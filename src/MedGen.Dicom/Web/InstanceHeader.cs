using System.Text;
using System.Text.Json;
using MedGen.Dicom.DataSets;
using MedGen.Dicom.Writing;
using MedGen.Sdk.Errors;

namespace MedGen.Dicom.Web;

/// <summary>What is kept of an instance so that it can be found: its identifiers, and the attributes that queries ask for.</summary>
public sealed record InstanceHeader
{
    /// <summary>Attributes of the study, in queries and answers.</summary>
    public static readonly IReadOnlyList<DicomTag> StudyTags =
    [
        new(0x0008_0020), new(0x0008_0030), new(0x0008_0050), new(0x0008_0090), new(0x0008_1030), new(0x0010_0010), new(0x0010_0020),
        new(0x0010_0030), new(0x0010_0040), new(0x0020_000D), new(0x0020_0010),
    ];

    /// <summary>Attributes of the series.</summary>
    public static readonly IReadOnlyList<DicomTag> SeriesTags =
        [new(0x0008_0060), new(0x0008_103E), new(0x0018_0015), new(0x0020_000E), new(0x0020_0011), new(0x0040_0244), new(0x0040_0245)];

    /// <summary>Attributes of the instance.</summary>
    public static readonly IReadOnlyList<DicomTag> InstanceTags =
    [
        new(0x0008_0016), new(0x0008_0018), new(0x0008_0070), new(0x0008_1090), new(0x0020_0013), new(0x0028_0008), new(0x0028_0010),
        new(0x0028_0011), new(0x0028_0100),
    ];

    /// <summary>Whose study, series, class and instance it is.</summary>
    public required SourceObject Identity { get; init; }

    /// <summary>UID of the transfer syntax.</summary>
    public required string TransferSyntax { get; init; }

    /// <summary>(0002,0016) Source Application Entity Title: who sent it; empty: not stated.</summary>
    public required string SourceAe { get; init; }

    /// <summary>The attributes as an object of the JSON model.</summary>
    public required string Attributes { get; init; }

    /// <summary>Reads it from a file.</summary>
    /// <param name="path">A DICOM file.</param>
    /// <returns>The header.</returns>
    /// <exception cref="MediaException">It is no DICOM file, is broken, or an identifier is missing or no UID.</exception>
    public static InstanceHeader Read(string path)
    {
        using DicomFile file = DicomFile.Open(path);
        SourceObject? identity = SourceObject.Of(file.DataSet);
        if (identity is null || !new[] { identity.Study, identity.Series, identity.SopClass, identity.SopInstance }.All(DicomUid.IsValid))
        {
            throw new MediaException(file.Name,
                $"{file.Name}: study, series, class or instance is missing, or is no UID of at most 64 digits and dots.");
        }

        return new InstanceHeader
        {
            Identity = identity, TransferSyntax = file.TransferSyntax.Uid, SourceAe = file.Meta.Text(new(0x0002_0016)),
            Attributes = AttributesOf(file.DataSet),
        };
    }

    /// <summary>The attributes as a data set.</summary>
    /// <param name="json">As <see cref="Attributes"/>.</param>
    /// <returns>The data set.</returns>
    public static DicomDataSet Parse(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return DicomJson.Read(document.RootElement, "attributes");
    }

    private static string AttributesOf(DicomDataSet set)
    {
        DicomDataSet kept = new();
        foreach (DicomTag tag in new[] { new DicomTag(0x0008_0005) }.Concat(StudyTags).Concat(SeriesTags).Concat(InstanceTags))
        {
            if (set.Find(tag) is { Items: null, Fragments: null, Bulk: null } element)
            {
                kept.Set(element);
            }
        }

        using MemoryStream bytes = new();
        using (Utf8JsonWriter writer = new(bytes))
        {
            DicomJson.Write(writer, kept);
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }
}
