using MedGen.Application.Dicom.Rules;
using MedGen.Dicom.DataSets;

namespace MedGen.Application.Dicom;

/// <summary>What a rule takes for one clip.</summary>
internal static class StudyClips
{
    private static readonly DicomTag InstanceNumber = new(0x0020_0013);
    private static readonly DicomTag NumberOfFrames = new(0x0028_0008);

    /// <summary>Groups the instances that a rule matches.</summary>
    /// <returns>The instances of each clip, slices by their number; an instance that is stored twice counts once.</returns>
    public static IEnumerable<DicomInstance[]> Of(DicomRule rule, IReadOnlyList<(DicomInstance Instance, DicomDataSet Attributes)> matched)
    {
        if (rule.Unit == DicomUnit.Instance)
        {
            return matched.Select(one => (DicomInstance[])[one.Instance]);
        }

        ILookup<bool, (DicomInstance Instance, DicomDataSet Attributes)> bySlice = matched.ToLookup(one => IsSlice(one.Attributes));
        return bySlice[true]
            .GroupBy(one => one.Instance.Identity!.Series)
            .Select(series => series.DistinctBy(one => one.Instance.Identity!.SopInstance)
                .OrderBy(one => one.Attributes.Whole(InstanceNumber) ?? 0)
                .ThenBy(one => one.Instance.Identity!.SopInstance, StringComparer.Ordinal)
                .Select(one => one.Instance).ToArray())
            .Concat(bySlice[false].Select(one => (DicomInstance[])[one.Instance]));
    }

    private static bool IsSlice(DicomDataSet attributes) => (attributes.Whole(NumberOfFrames) ?? 1) == 1;
}
