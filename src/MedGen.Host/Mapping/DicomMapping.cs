using System.Text;
using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using MedGen.Application.Dicom;
using MedGen.Application.Dicom.Rules;
using MedGen.Dicom.DataSets;
using MedGen.Dicom.Web;
using MedGen.Sdk.Errors;
using Proto = MedGen.Protos.V1;

namespace MedGen.Host.Mapping;

internal static class DicomMapping
{
    private const int DefaultLimit = 1000;

    public static DicomQuery ToQuery(this Proto.QueryDicomRequest request)
    {
        Violations violations = new();
        Dictionary<DicomTag, string> match = [];
        foreach ((string name, string value) in request.Match)
        {
            if (DicomQuery.TagOf(name) is { } tag)
            {
                match[tag] = value;
            }
            else
            {
                violations.Add("match", $"got another name", $"keywords of DICOM, for instance PatientID, or eight digits");
            }
        }

        violations.ThrowIfAny();
        return new DicomQuery
        {
            Level = request.Level == Proto.DicomLevel.Unspecified ? DicomLevel.Studies
                : System.Enum.TryParse(request.Level.ToString(), out DicomLevel known) ? known
                : throw new InvalidInputException("level", "Got another value; allowed: studies, series, instances."),
            Study = request.Study.NullIfEmpty(),
            Series = request.Series.NullIfEmpty(),
            Match = match,
            Limit = request.Limit == 0 ? DefaultLimit : request.Limit,
            Offset = request.Offset,
        };
    }

    public static Proto.QueryDicomResponse ToProto(this IReadOnlyList<DicomDataSet> sets) => new() { DataSets = { sets.Select(Json) } };

    public static Proto.DicomDelivery ToProto(this DicomDelivery delivery) => new()
    {
        Archive = delivery.Archive,
        ArtifactId = delivery.ArtifactId,
        Instance = delivery.Instance,
        State = Namesakes<DicomDeliveryState, Proto.DicomDeliveryState>.Of(delivery.State),
        Attempts = delivery.Attempts,
        Failure = delivery.Failure ?? "",
        DueAt = delivery.DueAt is { } due ? Timestamp.FromDateTimeOffset(due) : null,
    };

    public static Proto.DicomStudy ToProto(this DicomStudy study, IReadOnlyList<DicomDelivery> deliveries) => new()
    {
        StudyId = study.Id,
        Study = study.Study,
        Owner = study.Owner,
        Tenant = study.Tenant,
        State = Namesakes<DicomStudyState, Proto.DicomStudyState>.Of(study.State),
        LastReceivedAt = Timestamp.FromDateTimeOffset(study.LastReceivedAt),
        Tasks = { study.Tasks.Select(ToProto) },
        Deliveries = { deliveries.Select(ToProto) },
    };

    public static Proto.ListDicomRulesResponse ToProto(this DicomRules rules) => new()
    {
        QuietTimeSeconds = rules.QuietTimeSeconds,
        Archives = { rules.Archives.Select(archive => archive.Name) },
        Rules = { rules.Rules.Select(ToProto) },
    };

    private static Proto.DicomTask ToProto(DicomTask task) => new()
    {
        Rule = task.Rule, ArtifactId = task.ArtifactId, JobId = task.JobId ?? "", Ended = task.HasEnded, Failure = task.Failure ?? "",
        ResultArtifactIds = { task.ResultArtifacts }, SliceArtifactIds = { task.Slices },
    };

    private static Proto.DicomRule ToProto(DicomRule rule) => new()
    {
        Name = rule.Name,
        Callers = { rule.Callers },
        SourceAes = { rule.SourceAes },
        Modalities = { rule.Modalities },
        SeriesDescription = rule.SeriesDescription ?? "",
        Task = rule.Task,
        PluginId = rule.Plugin ?? "",
        Unit = Namesakes<DicomUnit, Proto.DicomUnit>.Of(rule.Unit),
        Results = { rule.Results.Select(kind => kind.ToString().ToLowerInvariant()) },
        SendTo = { rule.SendTo },
    };

    private static string Json(DicomDataSet set)
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter writer = new(bytes))
        {
            DicomJson.Write(writer, set);
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }
}
