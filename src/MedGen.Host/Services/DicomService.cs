using Grpc.Core;
using MedGen.Application.Dicom;
using MedGen.Application.Dicom.Rules;
using MedGen.Host.Mapping;
using MediatR;
using Proto = MedGen.Protos.V1;

namespace MedGen.Host.Services;

internal sealed class DicomService(ISender sender) : Proto.Dicom.DicomBase
{
    private const int DefaultPageSize = 50;

    public override async Task<Proto.QueryDicomResponse> QueryDicom(Proto.QueryDicomRequest request, ServerCallContext context) =>
        (await sender.Send(new QueryDicom { Query = request.ToQuery() }, context.CancellationToken).ConfigureAwait(false)).ToProto();

    public override async Task<Proto.QueryDicomResponse> QueryArchive(Proto.QueryArchiveRequest request, ServerCallContext context)
    {
        QueryArchive message = new() { Archive = request.Archive, Query = (request.Query ?? new Proto.QueryDicomRequest()).ToQuery() };
        return (await sender.Send(message, context.CancellationToken).ConfigureAwait(false)).ToProto();
    }

    public override async Task<Proto.RetrieveFromArchiveResponse> RetrieveFromArchive(
        Proto.RetrieveFromArchiveRequest request, ServerCallContext context)
    {
        RetrieveFromArchive message = new()
        {
            Archive = request.Archive, Study = request.Study, Series = request.Series.NullIfEmpty(), Instance = request.Instance.NullIfEmpty(),
        };
        RetrievedFromArchive retrieved = await sender.Send(message, context.CancellationToken).ConfigureAwait(false);
        return new Proto.RetrieveFromArchiveResponse
        {
            Artifacts = { retrieved.Artifacts.Select(artifact => artifact.ToProto()) }, Refused = retrieved.Refused,
        };
    }

    public override async Task<Proto.SendToArchiveResponse> SendToArchive(Proto.SendToArchiveRequest request, ServerCallContext context)
    {
        SendToArchive message = new() { Archive = request.Archive, ArtifactIds = [.. request.ArtifactIds] };
        IReadOnlyList<DicomDelivery> deliveries = await sender.Send(message, context.CancellationToken).ConfigureAwait(false);
        return new Proto.SendToArchiveResponse { Deliveries = { deliveries.Select(delivery => delivery.ToProto()) } };
    }

    public override async Task<Proto.ListDicomRulesResponse> ListDicomRules(Proto.ListDicomRulesRequest request, ServerCallContext context)
    {
        DicomRules? rules = await sender.Send(new ListDicomRules(), context.CancellationToken).ConfigureAwait(false);
        return rules?.ToProto() ?? new Proto.ListDicomRulesResponse();
    }

    public override async Task<Proto.ListDicomStudiesResponse> ListDicomStudies(Proto.ListDicomStudiesRequest request, ServerCallContext context)
    {
        ListDicomStudies message = new() { Study = request.Study.NullIfEmpty(), PageSize = request.PageSize == 0 ? DefaultPageSize
            : request.PageSize };
        IReadOnlyList<(DicomStudy Study, IReadOnlyList<DicomDelivery> Deliveries)> studies =
            await sender.Send(message, context.CancellationToken).ConfigureAwait(false);
        return new Proto.ListDicomStudiesResponse { Studies = { studies.Select(one => one.Study.ToProto(one.Deliveries)) } };
    }
}
