using System.ComponentModel.DataAnnotations;
using MedGen.Application.Access;
using MedGen.Application.Admission;
using MedGen.Application.Auditing;
using MedGen.Application.Validation;
using MedGen.Datasets.Writing;
using MedGen.Sdk.Errors;
using MediatR;

namespace MedGen.Application.Augmentation;

/// <summary>
/// Opens one file of an augmented data set that is stored as an archive; until it is disposed it counts as one of the caller's streams.
/// </summary>
[Operation("DownloadArtifact")]
public sealed record OpenAugmentedFile : IRequest<AugmentedFile>, IAuditedMessage
{
    /// <summary>Id of the archive.</summary>
    [Identifier]
    public required string ArtifactId { get; init; }

    /// <summary>Name of the file in it, with forward slashes, at most 4096 characters.</summary>
    [Required, StringLength(4096)]
    public required string FileName { get; init; }

    string? IAuditedMessage.AuditSubject => $"artifact:{ArtifactId}";
}

/// <summary>A file of an archive, open for reading. Whoever asked for it disposes it.</summary>
/// <param name="content">Its content, seekable.</param>
/// <param name="held">What is given back afterwards.</param>
public sealed class AugmentedFile(Stream content, params IReadOnlyList<IDisposable> held) : IDisposable
{
    /// <summary>Its content, seekable.</summary>
    public Stream Content { get; } = content;

    /// <inheritdoc />
    public void Dispose()
    {
        Content.Dispose();
        foreach (IDisposable one in held)
        {
            one.Dispose();
        }
    }
}

internal sealed class OpenAugmentedFileHandler(AugmentedArtifacts archives, OpenStreams streams, CallerContext caller)
    : IRequestHandler<OpenAugmentedFile, AugmentedFile>
{
    public async Task<AugmentedFile> Handle(OpenAugmentedFile request, CancellationToken cancellationToken)
    {
        FileStream archive = await archives.OpenAsync(request.ArtifactId, cancellationToken).ConfigureAwait(false);
        try
        {
            Stream content = await AugmentedArchive.FindAsync(archive, request.FileName, cancellationToken).ConfigureAwait(false)
                ?? throw new ResourceNotFoundException("file", request.FileName);
            return new AugmentedFile(content, archive, streams.Open(caller.Require().Name));
        }
        catch
        {
            await archive.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
