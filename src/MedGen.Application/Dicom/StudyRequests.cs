using System.ComponentModel.DataAnnotations;
using MedGen.Application.Access;
using MedGen.Application.Dicom.Rules;
using MedGen.Application.Validation;
using MediatR;

namespace MedGen.Application.Dicom;

/// <summary>The rules in force; null: there are none.</summary>
public sealed record ListDicomRules : IRequest<DicomRules?>;

/// <summary>Studies that rules look at, the one that last came first, each with its deliveries.</summary>
public sealed record ListDicomStudies : IRequest<IReadOnlyList<(DicomStudy Study, IReadOnlyList<DicomDelivery> Deliveries)>>
{
    /// <summary>Study Instance UID; null: all.</summary>
    [Identifier]
    public string? Study { get; init; }

    /// <summary>The most, 1 to 500.</summary>
    [Range(1, 500)]
    public int PageSize { get; init; } = 50;
}

internal sealed class ListDicomRulesHandler(IDicomRules rules, CallerContext context) : IRequestHandler<ListDicomRules, DicomRules?>
{
    // Another tenant's archives do not exist for the caller.
    public Task<DicomRules?> Handle(ListDicomRules request, CancellationToken cancellationToken)
    {
        string tenant = context.Require().OwnTenant;
        return Task.FromResult(rules.Current is { } current
            ? current with { Archives = [.. current.Archives.Where(archive => current.Find(archive.Name, tenant) is not null)] }
            : null);
    }
}

internal sealed class ListDicomStudiesHandler(IDicomStore store, ItemVisibility visibility)
    : IRequestHandler<ListDicomStudies, IReadOnlyList<(DicomStudy Study, IReadOnlyList<DicomDelivery> Deliveries)>>
{
    public async Task<IReadOnlyList<(DicomStudy Study, IReadOnlyList<DicomDelivery> Deliveries)>> Handle(
        ListDicomStudies request, CancellationToken cancellationToken)
    {
        List<(DicomStudy, IReadOnlyList<DicomDelivery>)> answers = [];
        foreach (DicomStudy study in await store.ListStudiesAsync(visibility.View, request.Study, request.PageSize, cancellationToken)
            .ConfigureAwait(false))
        {
            answers.Add((study, await store.ListDeliveriesAsync(study.Owner, study.Tenant, study.Study, cancellationToken).ConfigureAwait(false)));
        }

        return answers;
    }
}
