using System.Runtime.CompilerServices;
using MedGen.Application.Artifacts;
using MedGen.Sdk.Errors;
using MediatR;

namespace MedGen.Host.OpenAi;

/// <summary>The picture that comes with a request: stored as the caller's upload, and taken back when the request is refused.</summary>
internal sealed class PictureUpload(ISender sender)
{
    private const int ChunkBytes = 64 * 1024;

    /// <summary>Id of the stored picture; null: none came.</summary>
    public string? ArtifactId { get; private set; }

    /// <summary>Stores the picture.</summary>
    /// <param name="name">Its file's name.</param>
    /// <param name="mediaType">Its media type.</param>
    /// <param name="content">Its bytes; read to the end.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task StoreAsync(string name, string mediaType, Stream content, CancellationToken cancellationToken)
    {
        UploadArtifact message = new() { FileName = name, MediaType = mediaType, Chunks = ReadAsync(content, cancellationToken) };
        ArtifactId = (await sender.Send(message, cancellationToken).ConfigureAwait(false)).Id;
    }

    /// <summary>Deletes the picture again, if one came.</summary>
    public async Task TakeBackAsync()
    {
        if (ArtifactId is not { } id)
        {
            return;
        }

        try
        {
            await sender.Send(new DeleteArtifact { ArtifactId = id }, CancellationToken.None).ConfigureAwait(false);
        }
        catch (MedGenException)
        {
            // Its job exists and needs it, or the caller may not delete; the audit log has the refusal, the caller the error that came before.
        }
    }

    private static async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(
        Stream content, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[ChunkBytes];
        while (await content.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is > 0 and int length)
        {
            yield return buffer.AsMemory(0, length);
        }
    }
}
