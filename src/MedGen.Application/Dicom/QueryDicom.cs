using MedGen.Application.Access;
using MedGen.Application.Validation;
using MedGen.Dicom.DataSets;
using MedGen.Dicom.Web;
using MedGen.Sdk.Errors;
using MediatR;

namespace MedGen.Application.Dicom;

/// <summary>Searches the instances that the caller may see (QIDO-RS): studies, series or instances.</summary>
public sealed record QueryDicom : IRequest<IReadOnlyList<DicomDataSet>>, ICheckedMessage
{
    /// <summary>What for.</summary>
    public required DicomQuery Query { get; init; }

    void ICheckedMessage.Check(Violations violations)
    {
        Query.Check(violations);
        IEnumerable<DicomTag> known = [.. InstanceHeader.StudyTags, .. InstanceHeader.SeriesTags, .. InstanceHeader.InstanceTags,
            StudyAnswers.Modalities];
        foreach (DicomTag tag in Query.Match.Keys.Except(known))
        {
            violations.Add("match", $"got {tag}", $"{string.Join(", ", known.Select(StudyAnswers.NameOf))}");
        }
    }
}

/// <summary>The instances of a study, a series, or one, that the caller may see; each once.</summary>
[Operation("QueryDicom")]
public sealed record FindDicom : IRequest<IReadOnlyList<DicomInstance>>
{
    /// <summary>Study Instance UID.</summary>
    [Identifier]
    public required string Study { get; init; }

    /// <summary>Series Instance UID; null: all.</summary>
    [Identifier]
    public string? Series { get; init; }

    /// <summary>SOP Instance UID; null: all.</summary>
    [Identifier]
    public string? Instance { get; init; }
}

internal sealed class QueryDicomHandler(IDicomStore store, ItemVisibility visibility) : IRequestHandler<QueryDicom, IReadOnlyList<DicomDataSet>>
{
    public async Task<IReadOnlyList<DicomDataSet>> Handle(QueryDicom request, CancellationToken cancellationToken)
    {
        DicomQuery query = request.Query;
        DicomFilter filter = new()
        {
            View = visibility.View,
            Study = query.Study ?? Exactly(query, 0x0020_000D),
            Series = query.Series ?? Exactly(query, 0x0020_000E),
            Instance = Exactly(query, 0x0008_0018),
        };
        IReadOnlyList<DicomInstance> found = await store.FindInstancesAsync(filter, cancellationToken).ConfigureAwait(false);
        return [.. StudyAnswers.Of(query, found).Skip(query.Offset).Take(query.Limit)];
    }

    // One UID is looked up by the database; lists and wildcards are compared afterwards.
    private static string? Exactly(DicomQuery query, uint tag) =>
        query.Match.TryGetValue(new DicomTag(tag), out string? value) && DicomUid.IsValid(value) ? value : null;
}

internal sealed class FindDicomHandler(IDicomStore store, ItemVisibility visibility) : IRequestHandler<FindDicom, IReadOnlyList<DicomInstance>>
{
    public async Task<IReadOnlyList<DicomInstance>> Handle(FindDicom request, CancellationToken cancellationToken)
    {
        DicomFilter filter = new() { View = visibility.View, Study = request.Study, Series = request.Series, Instance = request.Instance };
        IReadOnlyList<DicomInstance> found = await store.FindInstancesAsync(filter, cancellationToken).ConfigureAwait(false);
        return found.Count > 0
            ? [.. found.DistinctBy(instance => instance.Identity!.SopInstance)]
            : throw new ResourceNotFoundException("DICOM object", request.Instance ?? request.Series ?? request.Study);
    }
}
