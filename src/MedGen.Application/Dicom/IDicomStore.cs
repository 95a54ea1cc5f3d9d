using MedGen.Application.Access;
using MedGen.Application.Artifacts;

namespace MedGen.Application.Dicom;

/// <summary>Which artifacts are DICOM instances, how far their studies have come, and what is on its way to archives.</summary>
public interface IDicomStore
{
    /// <summary>Notes an instance; one that is noted already stays. It goes with its artifact.</summary>
    /// <param name="instance">The instance.</param>
    /// <param name="arrival">The study as it is to be noted where it is new; of one that is known its roles, times and state are taken over; null:
    /// no rule looks at it.</param>
    /// <param name="cancellationToken">Gives up before the write.</param>
    /// <returns>Completes when it is on disk.</returns>
    Task AddInstanceAsync(DicomInstance instance, DicomStudy? arrival, CancellationToken cancellationToken);

    /// <summary>Instances, oldest first.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The instances.</returns>
    Task<IReadOnlyList<DicomInstance>> FindInstancesAsync(DicomFilter filter, CancellationToken cancellationToken);

    /// <summary>The oldest instance.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The instance; null: there is none.</returns>
    async Task<DicomInstance?> FindInstanceAsync(DicomFilter filter, CancellationToken cancellationToken) =>
        await FindInstancesAsync(filter, cancellationToken).ConfigureAwait(false) is [var first, ..] ? first : null;

    /// <summary>Artifacts that say they are DICOM and are not noted, because the host ended in between, or is older than the index.</summary>
    /// <param name="limit">The most.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The artifacts, oldest first.</returns>
    Task<IReadOnlyList<Artifact>> FindUnnotedAsync(int limit, CancellationToken cancellationToken);

    /// <summary>The study that has been due longest.</summary>
    /// <param name="now">The time.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Null: none is due.</returns>
    Task<DicomStudy?> FindDueStudyAsync(DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Writes a study with deliveries that it causes, unless it has changed since it was read.</summary>
    /// <param name="study">The study.</param>
    /// <param name="deliveries">Deliveries to add; those that are there already stay.</param>
    /// <param name="cancellationToken">Gives up before the write.</param>
    /// <returns>False: it has changed, and nothing was written.</returns>
    Task<bool> SaveStudyAsync(DicomStudy study, IReadOnlyList<DicomDelivery> deliveries, CancellationToken cancellationToken);

    /// <summary>Studies, the one that last came first.</summary>
    /// <param name="view">What the caller may see.</param>
    /// <param name="study">Study Instance UID; null: any.</param>
    /// <param name="limit">The most.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The studies.</returns>
    Task<IReadOnlyList<DicomStudy>> ListStudiesAsync(ItemView view, string? study, int limit, CancellationToken cancellationToken);

    /// <summary>Adds deliveries; those that are there already and have not been refused stay.</summary>
    /// <param name="deliveries">The deliveries.</param>
    /// <param name="cancellationToken">Gives up before the write.</param>
    /// <returns>Completes when they are on disk.</returns>
    Task AddDeliveriesAsync(IReadOnlyList<DicomDelivery> deliveries, CancellationToken cancellationToken);

    /// <summary>The delivery that has been due longest.</summary>
    /// <param name="now">The time.</param>
    /// <param name="except">Archives that are passed over, because they are known to be away.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Null: none is due.</returns>
    Task<DicomDelivery?> FindDueDeliveryAsync(DateTimeOffset now, IReadOnlyCollection<string> except, CancellationToken cancellationToken);

    /// <summary>Writes a delivery; where it has ended, its study is due.</summary>
    /// <param name="delivery">The delivery.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellationToken">Gives up before the write.</param>
    /// <returns>Completes when it is on disk.</returns>
    Task SaveDeliveryAsync(DicomDelivery delivery, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Deliveries of a study.</summary>
    /// <param name="owner">Its owner.</param>
    /// <param name="tenant">The owner's tenant.</param>
    /// <param name="study">Study Instance UID.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The deliveries, oldest first.</returns>
    Task<IReadOnlyList<DicomDelivery>> ListDeliveriesAsync(string owner, string tenant, string study, CancellationToken cancellationToken);
}
