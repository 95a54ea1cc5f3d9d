using MedGen.Dicom.DataSets;

namespace MedGen.Dicom.Writing;

/// <summary>The object that results are about.</summary>
/// <param name="Study">(0020,000D) Study Instance UID.</param>
/// <param name="Series">(0020,000E) Series Instance UID.</param>
/// <param name="SopClass">(0008,0016) SOP Class UID.</param>
/// <param name="SopInstance">(0008,0018) SOP Instance UID.</param>
public sealed record SourceObject(string Study, string Series, string SopClass, string SopInstance)
{
    /// <summary>That of a file; null where one of the identifiers is missing.</summary>
    /// <param name="set">The data set of the file.</param>
    /// <returns>The object.</returns>
    public static SourceObject? Of(DicomDataSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        SourceObject source = new(
            set.Text(new(0x0020_000D)), set.Text(new(0x0020_000E)), set.Text(DicomTags.SopClassUid), set.Text(DicomTags.SopInstanceUid));
        return source.Study.Length * source.Series.Length * source.SopClass.Length * source.SopInstance.Length > 0 ? source : null;
    }
}
