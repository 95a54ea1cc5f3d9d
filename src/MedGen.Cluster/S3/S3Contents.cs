using System.Net;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using MedGen.Application.Cluster;
using MedGen.Cluster.Files;
using MedGen.Sdk.Errors;
using Microsoft.Extensions.Options;

namespace MedGen.Cluster.S3;

/// <summary>
/// Contents of artifacts in a bucket of S3, streamed both ways, large ones in parts. Each request states the SHA-256 of its bytes, which the service
/// has to refuse when they came otherwise; the SHA-256 of the whole stands beside the object, and what comes back is compared with it.
/// </summary>
internal sealed class S3Contents : ISharedContents, IDisposable
{
    private const string HashKey = "sha256";
    private const int MostParts = 10_000;
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);
    private readonly S3Place _place;
    private readonly AmazonS3Client _client;
    private readonly long _partBytes;

    public S3Contents(IOptions<ClusterOptions> options)
        : this(options.Value, partBytes: 16L << 20)
    {
    }

    /// <param name="options">The settings.</param>
    /// <param name="partBytes">Contents of more bytes go in parts of so many, at least 5 MiB, or of more where that would be too many parts.</param>
    internal S3Contents(ClusterOptions options, long partBytes)
    {
        _place = S3Place.TryParse(options.Files!)!;
        _client = S3Client.Create(options);
        _partBytes = partBytes;
    }

    public bool IsShared => true;

    public string Place => _place.ToString();

    public void Dispose() => _client.Dispose();

    /// <summary>Makes sure that the bucket is there and lets this host in.</summary>
    /// <exception cref="FailedPreconditionException">It is not, or does not (<c>CLUSTER_FILES_UNREACHABLE</c>).</exception>
    public async Task RequireAsync(CancellationToken cancellationToken)
    {
        try
        {
            ListObjectsV2Request request = new() { BucketName = _place.Bucket, Prefix = _place.Prefix, MaxKeys = 1 };
            await _client.ListObjectsV2Async(request, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (IsOfTheService(exception, cancellationToken))
        {
            throw new FailedPreconditionException(
                "CLUSTER_FILES_UNREACHABLE", $"The place of files '{Place}' (cluster.files) cannot be used: {Reason(exception)}.", exception);
        }
    }

    public Task PutAsync(string artifactId, string path, CancellationToken cancellationToken) => AskAsync(
        async () =>
        {
            string key = _place.KeyOf(artifactId);
            FileStream content = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.Asynchronous);
            await using ConfiguredAsyncDisposable disposal = content.ConfigureAwait(false);
            byte[] hash = await SHA256.HashDataAsync(content, cancellationToken).ConfigureAwait(false);
            if (content.Length > _partBytes)
            {
                await PutPartsAsync(key, path, content.Length, hash, cancellationToken).ConfigureAwait(false);
                return true;
            }

            content.Position = 0;
            PutObjectRequest request = new()
            {
                BucketName = _place.Bucket, Key = key, InputStream = content, AutoCloseStream = false, UseChunkEncoding = false,
                ChecksumSHA256 = Convert.ToBase64String(hash),
            };
            request.Metadata[HashKey] = Convert.ToHexStringLower(hash);
            await _client.PutObjectAsync(request, cancellationToken).ConfigureAwait(false);
            return true;
        },
        cancellationToken);

    public Task<bool> TryGetAsync(string artifactId, string path, CancellationToken cancellationToken) => AskAsync(
        async () =>
        {
            GetObjectResponse answer;
            try
            {
                answer = await _client.GetObjectAsync(_place.Bucket, _place.KeyOf(artifactId), cancellationToken).ConfigureAwait(false);
            }
            catch (AmazonS3Exception exception) when (exception.ErrorCode == "NoSuchKey")
            {
                return false;
            }

            using (answer)
            {
                string? hash = await ReceiveAsync(answer.ResponseStream, path, cancellationToken).ConfigureAwait(false);
                return hash is not null && answer.Metadata[HashKey] == hash ? true : throw new DataLossException(
                    "CONTENT_DAMAGED", $"The content of artifact '{artifactId}' at '{Place}' is not what was stored there: its hash is another one.");
            }
        },
        cancellationToken);

    public Task DeleteAsync(string artifactId, CancellationToken cancellationToken) => AskAsync(
        () => _client.DeleteObjectAsync(_place.Bucket, _place.KeyOf(artifactId), cancellationToken), cancellationToken);

    private async Task PutPartsAsync(string key, string path, long length, byte[] hash, CancellationToken cancellationToken)
    {
        InitiateMultipartUploadRequest begin = new() { BucketName = _place.Bucket, Key = key, ChecksumAlgorithm = ChecksumAlgorithm.SHA256 };
        begin.Metadata[HashKey] = Convert.ToHexStringLower(hash);
        string upload = (await _client.InitiateMultipartUploadAsync(begin, cancellationToken).ConfigureAwait(false)).UploadId;
        try
        {
            List<PartETag> parts = [];
            long size = Math.Max(_partBytes, (length / MostParts) + 1);
            for (long position = 0; position < length; position += size)
            {
                parts.Add(await PutPartAsync(key, upload, path, parts.Count + 1, position, Math.Min(size, length - position), cancellationToken)
                    .ConfigureAwait(false));
            }

            await _client.CompleteMultipartUploadAsync(
                new CompleteMultipartUploadRequest { BucketName = _place.Bucket, Key = key, UploadId = upload, PartETags = parts }, cancellationToken)
                .ConfigureAwait(false);
        }
        catch
        {
            // Parts cost room until somebody gives the upload up; where this fails, too, a rule of the bucket has to (docs/scale-out.md).
            await AbortAsync(key, upload).ConfigureAwait(false);
            throw;
        }
    }

    private async Task<PartETag> PutPartAsync(
        string key, string upload, string path, int number, long position, long size, CancellationToken cancellationToken)
    {
        string hash = Convert.ToBase64String(await FilePart.HashAsync(path, position, size, cancellationToken).ConfigureAwait(false));
        UploadPartResponse answer = await _client.UploadPartAsync(
            new UploadPartRequest
            {
                BucketName = _place.Bucket, Key = key, UploadId = upload, PartNumber = number, FilePath = path, FilePosition = position,
                PartSize = size, UseChunkEncoding = false, ChecksumSHA256 = hash,
            },
            cancellationToken).ConfigureAwait(false);
        return new PartETag(number, answer.ETag) { ChecksumSHA256 = hash };
    }

    private async Task AbortAsync(string key, string upload)
    {
        try
        {
            await _client.AbortMultipartUploadAsync(_place.Bucket, key, upload, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception exception) when (IsOfTheService(exception, CancellationToken.None))
        {
            // Why it is given up is what counts.
        }
    }

    // The SHA-256 of what came; null: the client knows already that it is not what was stored.
    private static async Task<string?> ReceiveAsync(Stream answer, string path, CancellationToken cancellationToken)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        FileStream file = NewFile.Create(path);
        await using ConfiguredAsyncDisposable disposal = file.ConfigureAwait(false);
        byte[] buffer = new byte[1 << 16];
        while (true)
        {
            int read;
            try
            {
                read = await answer.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            }
            catch (AmazonClientException)
            {
                return null;
            }
            catch (IOException exception)
            {
                // Of the network, not of the disk.
                throw new HttpRequestException(exception.Message, exception);
            }

            if (read == 0)
            {
                return Convert.ToHexStringLower(hash.GetHashAndReset());
            }

            hash.AppendData(buffer, 0, read);
            await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<T> AskAsync<T>(Func<Task<T>> ask, CancellationToken cancellationToken)
    {
        try
        {
            return await ask().ConfigureAwait(false);
        }
        catch (Exception exception) when (IsOfTheService(exception, cancellationToken))
        {
            throw new ResourceExhaustedException(
                "CLUSTER_UNAVAILABLE", $"The place of files '{Place}' did not do what was asked for: {Reason(exception)}.", RetryAfter);
        }
    }

    // The client has tried again by itself.
    private static bool IsOfTheService(Exception exception, CancellationToken cancellationToken) =>
        exception is AmazonServiceException or AmazonClientException or HttpRequestException or HttpIOException or WebException
        || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    private static string Reason(Exception exception) => exception switch
    {
        AmazonServiceException { ErrorCode.Length: > 0 } refused => $"{refused.ErrorCode} ({(int)refused.StatusCode})",
        _ => exception.GetBaseException().Message.TrimEnd('.'),
    };
}
