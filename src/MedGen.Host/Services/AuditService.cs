using System.Globalization;
using Grpc.Core;
using MedGen.Application.Auditing;
using MedGen.Application.Auditing.Requests;
using MedGen.Host.Mapping;
using MedGen.Sdk.Errors;
using MediatR;
using Proto = MedGen.Protos.V1;

namespace MedGen.Host.Services;

internal sealed class AuditService(ISender sender) : Proto.Audit.AuditBase
{
    private const int DefaultPageSize = 100;

    public override async Task<Proto.ListAuditRecordsResponse> ListAuditRecords(Proto.ListAuditRecordsRequest request, ServerCallContext context)
    {
        ListAuditRecords message = new()
        {
            Caller = request.Caller.NullIfEmpty(),
            Action = request.Action.NullIfEmpty(),
            Subject = request.Subject.NullIfEmpty(),
            Kind = request.Kind.ToMessage(),
            Outcome = request.Outcome.NullIfEmpty(),
            Tenant = request.Tenant.NullIfEmpty(),
            From = request.FromTime?.ToDateTimeOffset(),
            Before = request.BeforeTime?.ToDateTimeOffset(),
            AfterSequence = ParseToken(request.PageToken),
            PageSize = request.PageSize == 0 ? DefaultPageSize : request.PageSize,
        };
        IReadOnlyList<AuditRecord> records = await sender.Send(message, context.CancellationToken).ConfigureAwait(false);
        return new Proto.ListAuditRecordsResponse
        {
            Records = { records.Select(record => record.ToProto()) },
            NextPageToken = records.Count == message.PageSize ? records[^1].Sequence.ToString(CultureInfo.InvariantCulture) : "",
        };
    }

    public override async Task<Proto.VerifyAuditResponse> VerifyAudit(Proto.VerifyAuditRequest request, ServerCallContext context) =>
        (await sender.Send(new VerifyAudit(), context.CancellationToken).ConfigureAwait(false)).ToProto();

    private static long ParseToken(string token) => token.Length == 0 ? 0
        : long.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out long sequence) ? sequence
        : throw new InvalidInputException("page_token", "Was not given by this service; use the token of the page before.");
}
