using MedGen.Dicom.DataSets;

namespace MedGen.Dicom.Deidentification;

/// <summary>Applies the Basic Profile, and dates by choice, to the elements of a data set and of all sequences in it.</summary>
internal sealed class HeaderCleaner(DeidentificationProfile profile, DeidentificationKey key, string patientId, DeidentifiedObject report)
{
    private const string Dummy = "ANONYMIZED";

    private static readonly DicomTag PatientName = new(0x0010_0010);
    private static readonly DicomTag PatientId = new(0x0010_0020);

    private readonly int _daysBack = key.DaysBack(patientId);

    /// <summary>The data set without what the profile takes away; long values stay where they are.</summary>
    public DicomDataSet Clean(DicomDataSet set)
    {
        DicomDataSet clean = new(null, set.Name) { HasUndefinedLength = set.HasUndefinedLength };
        if (set.Find(DicomTags.SpecificCharacterSet) is { } characters)
        {
            clean.Set(characters);
        }

        foreach (DicomElement element in set.Where(element => element.Tag != DicomTags.SpecificCharacterSet))
        {
            if (Clean(set, element) is { } kept)
            {
                clean.Set(kept);
            }
        }

        return clean;
    }

    private DicomElement? Clean(DicomDataSet set, DicomElement element)
    {
        DicomTag tag = element.Tag;
        if (tag.IsPrivate || StandardElements.NameOf(tag) is null)
        {
            return Gone(tag.IsPrivate ? "private" : "unknown");
        }

        if (tag == PatientName || tag == PatientId)
        {
            report.Count("replaced");
            return new DicomElement(tag, element.KnownVr) { Bytes = System.Text.Encoding.ASCII.GetBytes(key.Patient(patientId)) };
        }

        string? action = ConfidentialityTable.ActionOf(tag);
        DicomVr vr = element.KnownVr;
        if (action is not null && profile.Dates == DateHandling.Shift && vr is DicomVr.DA or DicomVr.DT or DicomVr.TM
            && tag != new DicomTag(0x0010_0030))
        {
            return Shifted(set, element, vr);
        }

        return action switch
        {
            null => Kept(element),
            "X" => Gone("removed"),
            "Z" or "X/Z" => Counted("emptied", new DicomElement(tag, vr)),
            "U" => Counted("uids", Mapped(set, element)),
            "X/Z/U*" => Kept(element),
            _ => Counted("replaced", Replaced(set, element, vr)),
        };
    }

    private DicomElement Kept(DicomElement element) => element.Items is not { } items
        ? element
        : new DicomElement(element.Tag, DicomVr.SQ) { Items = [.. items.Select(Clean)], HasUndefinedLength = element.HasUndefinedLength };

    private DicomElement Shifted(DicomDataSet set, DicomElement element, DicomVr vr)
    {
        // A time of day says nothing without its date.
        if (vr == DicomVr.TM)
        {
            return element;
        }

        string[] shifted = [.. set.Texts(element.Tag).Select(value => DeidentificationKey.Shift(value, _daysBack) ?? "")];
        report.Count("dates");
        return set.Made(element.Tag, vr, string.Join('\\', shifted));
    }

    private DicomElement Mapped(DicomDataSet set, DicomElement element) => set.Made(
        element.Tag, DicomVr.UI, string.Join('\\', set.Texts(element.Tag).Select(uid => uid.Length == 0 ? "" : key.Uid(uid))));

    private DicomElement Replaced(DicomDataSet set, DicomElement element, DicomVr vr) => vr switch
    {
        _ when element.Length == 0 && element.Items is null => new DicomElement(element.Tag, vr),
        DicomVr.UI => Mapped(set, element),
        DicomVr.SQ or DicomVr.UN or DicomVr.OB or DicomVr.OW => new DicomElement(element.Tag, vr),
        DicomVr.DA => set.Made(element.Tag, vr, "20000101"),
        DicomVr.TM => set.Made(element.Tag, vr, "000000"),
        DicomVr.DT => set.Made(element.Tag, vr, "20000101000000"),
        DicomVr.DS or DicomVr.IS => set.Made(element.Tag, vr, "0"),
        DicomVr.AS => set.Made(element.Tag, vr, "000Y"),
        _ when vr.IsText() => set.Made(element.Tag, vr, Dummy),
        _ => new DicomElement(element.Tag, vr) { Bytes = new byte[vr.WordSize()] },
    };

    private DicomElement? Gone(string what)
    {
        report.Count(what);
        return null;
    }

    private DicomElement Counted(string what, DicomElement element)
    {
        report.Count(what);
        return element;
    }
}
