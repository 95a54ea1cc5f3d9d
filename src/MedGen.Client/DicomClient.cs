using MedGen.Protos.V1;

namespace MedGen.Client;

/// <summary>DICOM: what the host stores, the archives that its rules file names, and studies that rules look at.</summary>
public sealed class DicomClient
{
    private readonly Dicom.DicomClient _rpc;

    internal DicomClient(Dicom.DicomClient rpc) => _rpc = rpc;

    /// <summary>Searches the instances stored at the host.</summary>
    /// <param name="query">What for.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>A data set for each study, series or instance, in the DICOM JSON model (PS3.18, F).</returns>
    /// <exception cref="MedGenRpcException">A UID is none, or an attribute is not searched.</exception>
    public async Task<IReadOnlyList<string>> QueryAsync(QueryDicomRequest query, CancellationToken cancellationToken = default) =>
        (await RpcCalls.AnswerAsync(_rpc.QueryDicomAsync(query, cancellationToken: cancellationToken), cancellationToken)
            .ConfigureAwait(false)).DataSets;

    /// <summary>Searches an archive (QIDO-RS).</summary>
    /// <param name="archive">Its name in the rules file.</param>
    /// <param name="query">What for.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>As of <see cref="QueryAsync"/>.</returns>
    /// <exception cref="MedGenRpcException">There is no such archive, it is away, or it refuses.</exception>
    public async Task<IReadOnlyList<string>> QueryArchiveAsync(
        string archive, QueryDicomRequest query, CancellationToken cancellationToken = default)
    {
        QueryArchiveRequest request = new() { Archive = archive, Query = query };
        return (await RpcCalls.AnswerAsync(_rpc.QueryArchiveAsync(request, cancellationToken: cancellationToken), cancellationToken)
            .ConfigureAwait(false)).DataSets;
    }

    /// <summary>Fetches a study, a series or an instance from an archive (WADO-RS) as uploads of the caller.</summary>
    /// <param name="request">What to fetch.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The instances, those that were here already included, and how many were not stored.</returns>
    /// <exception cref="MedGenRpcException">There is no such archive, it is away, it refuses, or there is no room.</exception>
    public Task<RetrieveFromArchiveResponse> RetrieveAsync(RetrieveFromArchiveRequest request, CancellationToken cancellationToken = default) =>
        RpcCalls.AnswerAsync(_rpc.RetrieveFromArchiveAsync(request, cancellationToken: cancellationToken), cancellationToken);

    /// <summary>
    /// Puts stored instances into the host's outbox to an archive (STOW-RS), where they stay until the archive lists them or refuses them.
    /// </summary>
    /// <param name="archive">Its name in the rules file.</param>
    /// <param name="artifactIds">Artifacts that are DICOM instances, 1 to 1,000.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>A delivery for each artifact, in the same order.</returns>
    /// <exception cref="MedGenRpcException">There is no such archive or artifact, or one is no DICOM instance.</exception>
    public async Task<IReadOnlyList<DicomDelivery>> SendAsync(
        string archive, IEnumerable<string> artifactIds, CancellationToken cancellationToken = default)
    {
        SendToArchiveRequest request = new() { Archive = archive, ArtifactIds = { artifactIds } };
        return (await RpcCalls.AnswerAsync(_rpc.SendToArchiveAsync(request, cancellationToken: cancellationToken), cancellationToken)
            .ConfigureAwait(false)).Deliveries;
    }

    /// <summary>The archives and rules in force.</summary>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The rules; a quiet time of 0: the host has no rules file.</returns>
    /// <exception cref="MedGenRpcException">The call failed.</exception>
    public Task<ListDicomRulesResponse> ListRulesAsync(CancellationToken cancellationToken = default) =>
        RpcCalls.AnswerAsync(_rpc.ListDicomRulesAsync(new ListDicomRulesRequest(), cancellationToken: cancellationToken), cancellationToken);

    /// <summary>Studies that rules look at and how far they have come, the one that last came first.</summary>
    /// <param name="study">Study Instance UID; null: all.</param>
    /// <param name="limit">The most, 1 to 500.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The studies.</returns>
    /// <exception cref="MedGenRpcException">The UID is none, or the limit is out of range.</exception>
    public async Task<IReadOnlyList<DicomStudy>> ListStudiesAsync(
        string? study = null, int limit = 50, CancellationToken cancellationToken = default)
    {
        ListDicomStudiesRequest request = new() { Study = study ?? "", PageSize = limit };
        return (await RpcCalls.AnswerAsync(_rpc.ListDicomStudiesAsync(request, cancellationToken: cancellationToken), cancellationToken)
            .ConfigureAwait(false)).Studies;
    }
}
