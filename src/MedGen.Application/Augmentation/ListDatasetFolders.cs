using MedGen.Application.Access;
using MediatR;

namespace MedGen.Application.Augmentation;

/// <summary>The folders of the host's machine that the caller's data sets may be read from and written to; none: the host allows none.</summary>
[Operation("AugmentDataset")]
public sealed record ListDatasetFolders : IRequest<IReadOnlyList<string>>, Auditing.IAuditedMessage
{
    string? Auditing.IAuditedMessage.AuditSubject => "folders";
}

internal sealed class ListDatasetFoldersHandler(DatasetFolders folders, CallerContext caller)
    : IRequestHandler<ListDatasetFolders, IReadOnlyList<string>>
{
    public Task<IReadOnlyList<string>> Handle(ListDatasetFolders request, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<string>>([.. folders.Of(caller.Require().OwnTenant)]);
}
