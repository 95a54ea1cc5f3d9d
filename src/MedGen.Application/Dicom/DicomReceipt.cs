using System.Security.Cryptography;
using MedGen.Application.Artifacts;
using MedGen.Dicom.Web;
using MedGen.Sdk.Errors;
using MediatR;

namespace MedGen.Application.Dicom;

/// <summary>
/// Takes instances in as uploads (<see cref="UploadArtifact"/>), so with the same rights, quotas, limits and audit. An instance that the caller has
/// sent before is not stored twice.
/// </summary>
/// <param name="sender">Passes the upload on.</param>
/// <param name="artifacts">Where the file lies until it is known what it is.</param>
public sealed class DicomReceipt(ISender sender, IArtifactStore artifacts)
{
    private const int DataSetDoesNotMatch = 0xA900;
    private const int Chunk = 1 << 16;

    /// <summary>Takes one instance in.</summary>
    /// <param name="fill">Writes the instance.</param>
    /// <param name="study">Study that it has to be of; null: any.</param>
    /// <param name="cancellationToken">Gives up; nothing is left.</param>
    /// <returns>The instance, and why it was not taken; 0: it was.</returns>
    /// <exception cref="AccessDeniedException">The caller may not upload.</exception>
    public async Task<(string SopClass, string SopInstance, int Failure)> ReceiveAsync(
        Func<Stream, Task> fill, string? study, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(fill);
        artifacts.RequireRoom(0);
        string path = artifacts.NewWorkFile(".dcm");
        try
        {
            FileStream file = new(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, Chunk, FileOptions.Asynchronous);
            await using (file.ConfigureAwait(false))
            {
                await fill(file).ConfigureAwait(false);
            }

            return await ReceiveAsync(path, study, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Takes a file in, which stays the caller's.</summary>
    /// <param name="path">The file.</param>
    /// <param name="study">Study that it has to be of; null: any.</param>
    /// <param name="cancellationToken">Gives up; nothing is left.</param>
    /// <returns>As the other.</returns>
    public async Task<(string SopClass, string SopInstance, int Failure)> ReceiveAsync(string path, string? study,
        CancellationToken cancellationToken)
    {
        InstanceHeader header;
        try
        {
            header = InstanceHeader.Read(path);
        }
        catch (MediaException)
        {
            return ("", "", StoreAnswer.CannotUnderstand);
        }

        (string sopClass, string instance) = (header.Identity.SopClass, header.Identity.SopInstance);
        if (study is not null && study != header.Identity.Study)
        {
            return (sopClass, instance, DataSetDoesNotMatch);
        }

        FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, Chunk, FileOptions.Asynchronous);
        await using (file.ConfigureAwait(false))
        {
            string hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken).ConfigureAwait(false));
            file.Position = 0;
            UploadArtifact upload = new()
            {
                FileName = $"{instance}.dcm",
                MediaType = DicomIndexer.MediaType,
                SizeBytes = file.Length,
                Sha256 = hash,
                Chunks = ChunksOf(file, cancellationToken),
                IdempotencyKey = $"dicom:{instance}",
            };
            try
            {
                await sender.Send(upload, cancellationToken).ConfigureAwait(false);
                return (sopClass, instance, 0);
            }
            catch (FailedPreconditionException error) when (error.Reason == "IDEMPOTENCY_KEY_REUSED")
            {
                return (sopClass, instance, StoreAnswer.DuplicateInstance);
            }
            catch (ResourceExhaustedException)
            {
                return (sopClass, instance, StoreAnswer.OutOfResources);
            }
        }
    }

    private static async IAsyncEnumerable<ReadOnlyMemory<byte>> ChunksOf(
        FileStream file, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[Chunk];
        int read;
        while ((read = await file.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
        {
            yield return buffer.AsMemory(0, read);
        }
    }
}
