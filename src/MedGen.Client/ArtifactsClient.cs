using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Google.Protobuf;
using Grpc.Core;
using MedGen.Protos.V1;

namespace MedGen.Client;

/// <summary>Files in and out.</summary>
public sealed class ArtifactsClient
{
    // Below the large-object heap, and well below gRPC's limit for a message.
    private const int ChunkSize = 64 * 1024;

    private readonly Artifacts.ArtifactsClient _rpc;

    internal ArtifactsClient(Artifacts.ArtifactsClient rpc) => _rpc = rpc;

    /// <summary>Uploads a file; its SHA-256 is stated beforehand and checked by the host.</summary>
    /// <param name="path">The file.</param>
    /// <param name="progress">Gets the bytes sent so far; null: nobody asks.</param>
    /// <param name="patient">Pseudonym of the patient whose it is; null: not stated.</param>
    /// <param name="cancellationToken">Ends the upload; the host keeps nothing of it.</param>
    /// <returns>The stored file.</returns>
    /// <exception cref="MedGenRpcException">The host refused it, for instance for its size.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public async Task<Artifact> UploadAsync(
        string path, IProgress<long>? progress = null, string? patient = null, CancellationToken cancellationToken = default)
    {
        FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, ChunkSize, FileOptions.Asynchronous | FileOptions.SequentialScan);
        await using (file.ConfigureAwait(false))
        {
            byte[] hash = await SHA256.HashDataAsync(file, cancellationToken).ConfigureAwait(false);
            file.Position = 0;
            UploadMetadata metadata = new()
            {
                Name = Path.GetFileName(path),
                MediaType = MediaTypes.FromFileName(path),
                SizeBytes = file.Length,
                Sha256 = Convert.ToHexStringLower(hash),
                PatientPseudonym = patient ?? "",
            };
            return await SendAsync(metadata, file, progress, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Downloads a file. It appears under its name only when it is whole and its SHA-256 is right.</summary>
    /// <param name="artifactId">Id of the file.</param>
    /// <param name="path">Where to write; an existing file is replaced.</param>
    /// <param name="progress">Gets the bytes received so far; null: nobody asks.</param>
    /// <param name="cancellationToken">Ends the download; nothing is left behind.</param>
    /// <returns>What is known of the file.</returns>
    /// <exception cref="MedGenRpcException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">What came is not what the host announced.</exception>
    public async Task<Artifact> DownloadAsync(
        string artifactId, string path, IProgress<long>? progress = null, CancellationToken cancellationToken = default)
    {
        string temporary = path + ".part";
        try
        {
            Artifact artifact;
            FileStream file = new(temporary, FileMode.Create, FileAccess.Write, FileShare.None, ChunkSize, FileOptions.Asynchronous);
            await using (file.ConfigureAwait(false))
            {
                artifact = await ReceiveAsync(artifactId, file, progress, cancellationToken).ConfigureAwait(false);
                file.Flush(flushToDisk: true); // before the move, which the file system may otherwise carry out first
            }

            File.Move(temporary, path, overwrite: true);
            return artifact;
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>What is known of a file.</summary>
    /// <param name="artifactId">Id of the file.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The file's record.</returns>
    /// <exception cref="MedGenRpcException">There is no such file.</exception>
    public Task<Artifact> GetAsync(string artifactId, CancellationToken cancellationToken = default) =>
        RpcCalls.AnswerAsync(
            _rpc.GetArtifactAsync(new GetArtifactRequest { ArtifactId = artifactId }, cancellationToken: cancellationToken), cancellationToken);

    /// <summary>Files, newest first, page by page as they are read: the caller's own, or for administrators anybody's.</summary>
    /// <param name="request">Which files; its page token is not used. Null: all.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The files.</returns>
    /// <exception cref="MedGenRpcException">A filter is wrong, or names another owner.</exception>
    public async IAsyncEnumerable<Artifact> ListAsync(
        ListArtifactsRequest? request = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ListArtifactsRequest next = request?.Clone() ?? new ListArtifactsRequest();
        next.PageToken = "";
        do
        {
            ListArtifactsResponse page = await RpcCalls.AnswerAsync(
                _rpc.ListArtifactsAsync(next, cancellationToken: cancellationToken), cancellationToken).ConfigureAwait(false);
            foreach (Artifact artifact in page.Artifacts)
            {
                yield return artifact;
            }

            next.PageToken = page.NextPageToken;
        }
        while (next.PageToken.Length > 0);
    }

    /// <summary>Puts a file under legal hold.</summary>
    /// <param name="artifactId">Id of the file.</param>
    /// <param name="reason">Why, 1 to 200 characters.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The file's record.</returns>
    /// <exception cref="MedGenRpcException">There is no such file, or the caller is no administrator.</exception>
    public Task<Artifact> HoldAsync(string artifactId, string reason, CancellationToken cancellationToken = default) => RpcCalls.AnswerAsync(
        _rpc.HoldArtifactAsync(new HoldArtifactRequest { ArtifactId = artifactId, Reason = reason }, cancellationToken: cancellationToken),
        cancellationToken);

    /// <summary>Lifts a file's legal hold.</summary>
    /// <param name="artifactId">Id of the file.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The file's record.</returns>
    /// <exception cref="MedGenRpcException">There is no such file, or the caller is no administrator.</exception>
    public Task<Artifact> ReleaseAsync(string artifactId, CancellationToken cancellationToken = default) => RpcCalls.AnswerAsync(
        _rpc.ReleaseArtifactAsync(new ReleaseArtifactRequest { ArtifactId = artifactId }, cancellationToken: cancellationToken), cancellationToken);

    /// <summary>Erases a file, or everything of an owner or a patient, with what was derived from it.</summary>
    /// <param name="request">What.</param>
    /// <param name="cancellationToken">Ends the call; an erasure that has begun goes on.</param>
    /// <returns>The receipt.</returns>
    /// <exception cref="MedGenRpcException">There is no such file, no target, or the caller is no administrator.</exception>
    public Task<ErasureReceipt> EraseAsync(EraseArtifactsRequest request, CancellationToken cancellationToken = default) =>
        RpcCalls.AnswerAsync(_rpc.EraseArtifactsAsync(request, cancellationToken: cancellationToken), cancellationToken);

    /// <summary>Removes a file.</summary>
    /// <param name="artifactId">Id of the file.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>Completes when it is gone.</returns>
    /// <exception cref="MedGenRpcException">There is no such file, or a job needs it.</exception>
    public Task DeleteAsync(string artifactId, CancellationToken cancellationToken = default) =>
        RpcCalls.AnswerAsync(
            _rpc.DeleteArtifactAsync(new DeleteArtifactRequest { ArtifactId = artifactId }, cancellationToken: cancellationToken), cancellationToken);

    private async Task<Artifact> SendAsync(UploadMetadata metadata, Stream content, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        using AsyncClientStreamingCall<UploadArtifactRequest, Artifact> call = _rpc.UploadArtifact(cancellationToken: cancellationToken);
        UploadArtifactRequest message = new() { Metadata = metadata };
        byte[] buffer = new byte[ChunkSize];
        long sent = 0;
        while (await RpcCalls.SendAsync(call.RequestStream, message, cancellationToken).ConfigureAwait(false))
        {
            progress?.Report(sent);
            int read = await content.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            if (read == 0)
            {
                break;
            }

            message = new UploadArtifactRequest { Chunk = ByteString.CopyFrom(buffer, 0, read) };
            sent += read;
        }

        await RpcCalls.CompleteAsync(call.RequestStream).ConfigureAwait(false);
        try
        {
            return await call.ResponseAsync.ConfigureAwait(false);
        }
        catch (RpcException exception)
        {
            throw RpcCalls.Translate(exception, cancellationToken);
        }
    }

    private async Task<Artifact> ReceiveAsync(string artifactId, FileStream file, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        using AsyncServerStreamingCall<DownloadArtifactResponse> call = _rpc.DownloadArtifact(
            new DownloadArtifactRequest { ArtifactId = artifactId }, cancellationToken: cancellationToken);
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Artifact? artifact = null;
        long received = 0;
        while (await RpcCalls.MoveNextAsync(call.ResponseStream, cancellationToken).ConfigureAwait(false))
        {
            DownloadArtifactResponse response = call.ResponseStream.Current;
            if (response.PartCase == DownloadArtifactResponse.PartOneofCase.Artifact)
            {
                artifact = response.Artifact;
                continue;
            }

            hash.AppendData(response.Chunk.Span);
            await file.WriteAsync(response.Chunk.Memory, cancellationToken).ConfigureAwait(false);
            progress?.Report(received += response.Chunk.Length);
        }

        string got = Convert.ToHexStringLower(hash.GetHashAndReset());
        return artifact is not null && artifact.Sha256 == got
            ? artifact
            : throw new InvalidDataException($"Artifact {artifactId} arrived with SHA-256 {got}, announced was {artifact?.Sha256 ?? "nothing"}.");
    }
}
