using System.Globalization;
using MedGen.Dicom.DataSets;

namespace MedGen.Dicom.Writing;

/// <summary>What every object says that is written here: whose it is, of which study, when and by what it was made.</summary>
public sealed record ResultObject
{
    /// <summary>(0010,0010) Patient's Name; default empty.</summary>
    public string PatientName { get; init; } = "";

    /// <summary>(0010,0020) Patient ID; default empty.</summary>
    public string PatientId { get; init; } = "";

    /// <summary>(0020,000D) Study Instance UID; default a fresh one.</summary>
    public string StudyInstanceUid { get; init; } = DicomUid.New();

    /// <summary>(0020,000E) Series Instance UID; default a fresh one.</summary>
    public string SeriesInstanceUid { get; init; } = DicomUid.New();

    /// <summary>(0008,0018) SOP Instance UID; default a fresh one. One that is fixed makes the same object of the same result.</summary>
    public string SopInstanceUid { get; init; } = DicomUid.New();

    /// <summary>
    /// Attributes of patient and study that are taken over from the object that was looked at, in the place of those here; null: none.
    /// </summary>
    public DicomDataSet? Study { get; init; }

    /// <summary>(0008,0060) Modality, a defined term; default OT (other). Structured reports are SR.</summary>
    public string Modality { get; init; } = "OT";

    /// <summary>(0008,103E) Series Description, at most 64 characters; default none.</summary>
    public string SeriesDescription { get; init; } = "";

    /// <summary>When it was made.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>Id under which the platform keeps how a synthetic clip was made; null: it is not synthetic.</summary>
    public string? ProvenanceId { get; init; }

    /// <summary>Version of the software that writes.</summary>
    public string SoftwareVersion { get; init; } = "0.1.0";

    /// <summary>The modules that all objects share.</summary>
    internal DicomDataSet Common(string sopClass, string modality)
    {
        string date = Created.ToString("yyyyMMdd", CultureInfo.InvariantCulture);
        string time = Created.ToString("HHmmss", CultureInfo.InvariantCulture);
        DicomDataSet set = new();
        set.SetText(DicomTags.SpecificCharacterSet, "ISO_IR 192");
        Text(0x0008_0012, date);
        Text(0x0008_0013, time);
        Text(DicomTags.SopClassUid.Value, sopClass);
        Text(DicomTags.SopInstanceUid.Value, SopInstanceUid);
        Text(0x0008_0020, date);
        Text(0x0008_0023, date);
        Text(0x0008_0030, time);
        Text(0x0008_0033, time);
        Text(0x0008_0050);
        Text(DicomTags.Modality.Value, modality);
        Text(0x0008_0070, "MedGen Platform contributors");
        Text(0x0008_0090);
        if (SeriesDescription.Length > 0)
        {
            Text(0x0008_103E, SeriesDescription);
        }

        Text(0x0008_1090, "MedGen Platform");
        Text(0x0010_0010, PatientName);
        Text(0x0010_0020, PatientId);
        Text(0x0010_0030);
        Text(0x0010_0040);
        Text(0x0018_1000, "0");
        Text(0x0018_1020, SoftwareVersion);
        Text(0x0020_000D, StudyInstanceUid);
        Text(0x0020_000E, SeriesInstanceUid);
        Text(0x0020_0010);
        Text(0x0020_0011, "1");
        Text(0x0020_0013, "1");
        foreach (DicomElement element in Web.InstanceHeader.StudyTags.Select(tag => Study?.Find(tag)).OfType<DicomElement>())
        {
            set.Set(element);
        }

        if (ProvenanceId is not null)
        {
            MarkSynthetic(set);
        }

        return set;

        void Text(uint tag, params string[] values) => set.SetText(new DicomTag(tag), values);
    }

    // What PS3.3 asks of synthetic content: C.12.1 (Synthetic Data), C.7.6.1 (derivation), C.12.1.1.5 (equipment).
    private void MarkSynthetic(DicomDataSet set)
    {
        set.SetText(new(0x0008_001C), "YES");
        set.SetText(new(0x0008_2111), $"Synthetic: not a recording of a patient; provenance={ProvenanceId}");
        set.SetText(new(0x0018_9004), "RESEARCH");
        DicomDataSet equipment = new();
        equipment.SetText(new(0x0008_0070), "MedGen Platform contributors");
        equipment.SetText(new(0x0008_1090), "MedGen Platform");
        equipment.SetText(new(0x0018_1020), SoftwareVersion);
        equipment.SetItems(new(0x0040_A170), Code.Of("109100", "Synthesizing Equipment"));
        set.SetItems(new(0x0018_A001), equipment);
    }
}
