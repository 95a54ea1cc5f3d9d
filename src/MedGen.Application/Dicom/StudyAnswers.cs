using System.Globalization;
using MedGen.Dicom.DataSets;
using MedGen.Dicom.Web;

namespace MedGen.Application.Dicom;

/// <summary>Answers to a query from what is noted of instances: each study, series or instance once, with what is counted of it.</summary>
internal static class StudyAnswers
{
    public static readonly DicomTag Modalities = new(0x0008_0061);

    private static readonly DicomTag SeriesInStudy = new(0x0020_1206);
    private static readonly DicomTag InstancesInStudy = new(0x0020_1208);
    private static readonly DicomTag InstancesInSeries = new(0x0020_1209);

    public static string NameOf(DicomTag tag) => StandardElements.NameOf(tag)!;

    public static IEnumerable<DicomDataSet> Of(DicomQuery query, IReadOnlyList<DicomInstance> found)
    {
        (DicomInstance Instance, DicomDataSet Attributes)[] instances =
        [
            .. found.DistinctBy(one => one.Identity!.SopInstance).Select(one => (one, InstanceHeader.Parse(one.Attributes))),
        ];
        ILookup<string, (DicomInstance Instance, DicomDataSet Attributes)> byStudy = instances.ToLookup(one => one.Instance.Identity!.Study);
        IEnumerable<DicomDataSet> answers = query.Level switch
        {
            DicomLevel.Studies => byStudy.Select(study => StudyOf([.. study])),
            DicomLevel.Series => byStudy.SelectMany(study => study.GroupBy(one => one.Instance.Identity!.Series)
                .Select(series => SeriesOf([.. series], query.Study is null ? [.. study] : null))),
            _ => instances.Select(one => InstanceOf(one, query.Study is null ? [.. byStudy[one.Instance.Identity!.Study]] : null)),
        };
        return answers.Where(answer => query.Match.All(match => DicomMatching.Matches(answer, match.Key, match.Value)));
    }

    private static DicomDataSet StudyOf((DicomInstance Instance, DicomDataSet Attributes)[] instances)
    {
        DicomDataSet answer = new();
        answer.SetText(new(0x0008_0005), "ISO_IR 192");
        Copy(answer, instances[0].Attributes, InstanceHeader.StudyTags);
        answer.SetText(Modalities, [.. instances.Select(one => one.Attributes.Text(new(0x0008_0060))).Where(text =>
            text.Length > 0).Distinct().Order()]);
        Count(answer, SeriesInStudy, instances.Select(one => one.Instance.Identity!.Series).Distinct().Count());
        Count(answer, InstancesInStudy, instances.Length);
        return answer;
    }

    private static DicomDataSet SeriesOf(
        (DicomInstance Instance, DicomDataSet Attributes)[] series, (DicomInstance Instance, DicomDataSet Attributes)[]? study)
    {
        DicomDataSet answer = study is null ? Within(series[0].Attributes) : StudyOf(study);
        Copy(answer, series[0].Attributes, InstanceHeader.SeriesTags);
        Count(answer, InstancesInSeries, series.Length);
        return answer;
    }

    private static DicomDataSet InstanceOf(
        (DicomInstance Instance, DicomDataSet Attributes) instance, (DicomInstance Instance, DicomDataSet Attributes)[]? study)
    {
        DicomDataSet answer = study is null ? Within(instance.Attributes) : StudyOf(study);
        Copy(answer, instance.Attributes, [.. InstanceHeader.SeriesTags, .. InstanceHeader.InstanceTags]);
        answer.SetText(new(0x0008_3002), [instance.Instance.TransferSyntax]);
        return answer;
    }

    // The study is in the address of the query; its UID is given all the same.
    private static DicomDataSet Within(DicomDataSet attributes)
    {
        DicomDataSet answer = new();
        answer.SetText(new(0x0008_0005), "ISO_IR 192");
        Copy(answer, attributes, InstanceHeader.StudyTags);
        return answer;
    }

    private static void Copy(DicomDataSet target, DicomDataSet source, IEnumerable<DicomTag> tags)
    {
        foreach (DicomElement element in tags.Select(source.Find).OfType<DicomElement>())
        {
            target.Set(element);
        }
    }

    private static void Count(DicomDataSet answer, DicomTag tag, int count) =>
        answer.SetText(tag, count.ToString(CultureInfo.InvariantCulture));
}
