using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using MedGen.Dicom.DataSets;
using MedGen.Dicom.Writing;
using MedGen.Sdk.Errors;

namespace MedGen.Dicom.Web;

/// <summary>
/// Asks a DICOMweb server (PS3.18): QIDO-RS, WADO-RS, STOW-RS. What may pass is an <see cref="UnavailableException"/>, what the server refuses for
/// good a <see cref="FailedPreconditionException"/>. Nothing is tried twice here. Usable by many callers at once.
/// </summary>
public sealed class DicomWebClient : IDisposable
{
    private const string Json = "application/dicom+json";
    private const int LargestAnswer = 64 << 20;
    private const long BytesPerSecond = 1 << 20;
    private const long LeastAsked = 16 << 20;

    private readonly DicomWebServer _server;
    private readonly HttpClient _http;
    private readonly MultipartLimits _limits;

    /// <summary>Makes a client; nothing is sent yet.</summary>
    /// <param name="server">The server.</param>
    /// <param name="limits">What its answers may ask of us; null: the defaults.</param>
    /// <exception cref="InvalidInputException">The server's description is wrong, or a file of it cannot be used.</exception>
    public DicomWebClient(DicomWebServer server, MultipartLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(server);
        (_server, _limits) = (server, limits ?? new MultipartLimits());
        _http = DicomWebConnection.Open(server);
    }

    /// <summary>Searches (QIDO-RS).</summary>
    /// <param name="query">What for.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A data set for each study, series or instance.</returns>
    /// <exception cref="InvalidInputException">The query is wrong.</exception>
    public async Task<IReadOnlyList<DicomDataSet>> QueryAsync(DicomQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        Violations violations = new();
        query.Check(violations);
        violations.ThrowIfAny();
        return await ReadDataSetsAsync(query.ToAddress(), "the query", cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Everything of a study, a series or an instance but its long values (WADO-RS).</summary>
    /// <param name="study">Study Instance UID.</param>
    /// <param name="series">Series Instance UID; null: all.</param>
    /// <param name="instance">SOP Instance UID; null: all.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A data set for each instance.</returns>
    public Task<IReadOnlyList<DicomDataSet>> ReadMetadataAsync(
        string study, string? series, string? instance, CancellationToken cancellationToken) =>
        ReadDataSetsAsync($"{AddressOf(study, series, instance)}/metadata", "the metadata", cancellationToken);

    /// <summary>Retrieves instances as they are stored (WADO-RS), each as <c>SOP-Instance-UID.dcm</c>; one that is there is replaced.</summary>
    /// <param name="study">Study Instance UID.</param>
    /// <param name="series">Series Instance UID; null: all.</param>
    /// <param name="instance">SOP Instance UID; null: all.</param>
    /// <param name="folder">A folder that exists.</param>
    /// <param name="cancellationToken">Stops; files that are whole stay.</param>
    /// <returns>The files, each when it is whole.</returns>
    public async IAsyncEnumerable<string> RetrieveAsync(
        string study, string? series, string? instance, string folder, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using Call call = await SendAsync(
            new HttpRequestMessage(HttpMethod.Get, AddressOf(study, series, instance)),
            "multipart/related; type=\"application/dicom\"; transfer-syntax=*", "the instances", cancellationToken).ConfigureAwait(false);
        MultipartReader parts = call.Within(() => MultipartReader.Open(call.Body, call.ContentType, _limits));
        while (await call.WithinAsync(() => parts.NextAsync(call.Token)).ConfigureAwait(false) is { } part)
        {
            yield return await call.WithinAsync(() => SaveAsync(part, study, folder, call.Token)).ConfigureAwait(false);
        }
    }

    /// <summary>Retrieves frames as they are stored (WADO-RS).</summary>
    /// <param name="study">Study Instance UID.</param>
    /// <param name="series">Series Instance UID.</param>
    /// <param name="instance">SOP Instance UID.</param>
    /// <param name="frames">Numbers of the frames, from 1.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The frames in the order of the numbers.</returns>
    public async Task<IReadOnlyList<RetrievedPart>> ReadFramesAsync(
        string study, string series, string instance, IReadOnlyList<int> frames, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(frames);
        string list = string.Join(',', frames.Select(number => number.ToString(CultureInfo.InvariantCulture)));
        using Call call = await SendAsync(
            new HttpRequestMessage(HttpMethod.Get, $"{AddressOf(study, series, instance)}/frames/{list}"),
            "multipart/related; type=\"application/octet-stream\"; transfer-syntax=*", "the frames", cancellationToken).ConfigureAwait(false);
        return await call.WithinAsync(async () =>
        {
            MultipartReader parts = MultipartReader.Open(call.Body, call.ContentType, _limits with { PartBytes = LargestAnswer,
                Parts = frames.Count });
            List<RetrievedPart> read = [];
            while (await parts.NextAsync(call.Token).ConfigureAwait(false) is { } part)
            {
                using MemoryStream bytes = new();
                await part.CopyToAsync(bytes, call.Token).ConfigureAwait(false);
                read.Add(new RetrievedPart(part.MediaType, bytes.ToArray()));
            }

            return read.Count == frames.Count ? read
                : throw new UnavailableException(ArchiveErrors.Answer, $"The archive gave {read.Count} frames; {frames.Count} were asked for.");
        }).ConfigureAwait(false);
    }

    /// <summary>Retrieves a picture as the server shows it (WADO-RS).</summary>
    /// <param name="study">Study Instance UID.</param>
    /// <param name="series">Series Instance UID.</param>
    /// <param name="instance">SOP Instance UID.</param>
    /// <param name="frame">Number of the frame, from 1; null: what the server takes for the whole.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A PNG or a JPEG.</returns>
    public async Task<RetrievedPart> ReadRenderedAsync(
        string study, string series, string instance, int? frame, CancellationToken cancellationToken)
    {
        string of = AddressOf(study, series, instance) + (frame is { } number ? string.Create(CultureInfo.InvariantCulture, $"/frames/{number}")
            : "");
        using Call call = await SendAsync(
            new HttpRequestMessage(HttpMethod.Get, $"{of}/rendered"), "image/png", "the picture", cancellationToken).ConfigureAwait(false);
        ReadOnlyMemory<byte> bytes = await call.WithinAsync(() => ReadAllAsync(call)).ConfigureAwait(false);
        return new RetrievedPart(call.ContentType?.Split(';')[0].Trim() ?? "", bytes);
    }

    /// <summary>Stores a file (STOW-RS) and asks the server whether it has it: what is there already is not sent again.</summary>
    /// <param name="path">A DICOM file.</param>
    /// <param name="cancellationToken">Gives up; whether the server has it is not known then.</param>
    /// <returns>Whether it was sent; false: the server had it already.</returns>
    /// <exception cref="MediaException">It is no DICOM file, or has no identifiers.</exception>
    public async Task<bool> StoreAsync(string path, CancellationToken cancellationToken)
    {
        SourceObject identity = IdentityOf(path);
        if (await HasAsync(identity, cancellationToken).ConfigureAwait(false))
        {
            return false;
        }

        HttpRequestMessage request = new(HttpMethod.Post, "studies") { Content = new StoreContent(path) };
        long length = new FileInfo(path).Length;

        // An archive, or a proxy before it, that takes no instance so large says so before it is sent. One that cuts the line instead would look like
        // one that is away, and be tried for ever.
        request.Headers.ExpectContinue = length > LeastAsked;
        TimeSpan sending = TimeSpan.FromSeconds(length / BytesPerSecond);
        using (Call call = await SendAsync(request, Json, "the store", cancellationToken, sending, HttpStatusCode.Conflict).ConfigureAwait(false))
        {
            await call.WithinAsync(async () =>
            {
                ReadOnlyMemory<byte> json = await ReadAllAsync(call).ConfigureAwait(false);
                using JsonDocument? document = json.IsEmpty ? null : JsonDocument.Parse(json);
                RequireStored(document is null ? new StoreAnswer() : StoreAnswer.Read(document.RootElement), identity, call.Status);
                return true;
            }).ConfigureAwait(false);
        }

        return await HasAsync(identity, cancellationToken).ConfigureAwait(false) ? true : throw new UnavailableException(
            "ARCHIVE_NOT_CONFIRMED", "The archive took the instance, but does not list it yet.");
    }

    /// <summary>Whether the server lists an instance.</summary>
    /// <param name="instance">The instance.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether it does.</returns>
    public async Task<bool> HasAsync(SourceObject instance, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(instance);
        DicomQuery query = new()
        {
            Level = DicomLevel.Instances,
            Match = new Dictionary<DicomTag, string>
            {
                [new DicomTag(0x0020_000D)] = instance.Study, [DicomTags.SopInstanceUid] = instance.SopInstance,
            },
        };
        return (await QueryAsync(query, cancellationToken).ConfigureAwait(false)).Any(one =>
            one.Text(DicomTags.SopInstanceUid) == instance.SopInstance);
    }

    /// <inheritdoc />
    public void Dispose() => _http.Dispose();

    private static SourceObject IdentityOf(string path)
    {
        using DicomFile file = DicomFile.Open(path);
        return SourceObject.Of(file.DataSet) is { } identity
            && new[] { identity.Study, identity.Series, identity.SopInstance, identity.SopClass }.All(DicomUid.IsValid)
            ? identity
            : throw new MediaException(file.Name, $"{file.Name}: study, series, class or instance has no valid UID; a store needs them.");
    }

    private static void RequireStored(StoreAnswer answer, SourceObject instance, HttpStatusCode status)
    {
        foreach ((_, _, int reason) in answer.Failed)
        {
            throw StoreAnswer.IsPassing(reason)
                ? new UnavailableException(ArchiveErrors.Unavailable, $"The archive cannot store now (failure reason {StoreAnswer.Shown(reason)}).")
                : new FailedPreconditionException(
                    ArchiveErrors.Refused, $"The archive refuses to store this instance (failure reason {StoreAnswer.Shown(reason)}).");
        }

        if (status == HttpStatusCode.Conflict || (answer.Stored.Count > 0 && answer.Stored.All(one => one.SopInstance != instance.SopInstance)))
        {
            throw new FailedPreconditionException(ArchiveErrors.Refused, "The archive refuses to store this instance and does not say why.");
        }
    }

    private static string AddressOf(string study, string? series, string? instance)
    {
        Violations violations = new();
        foreach ((string field, string? uid) in new[] { ("study", study), ("series", series), ("instance", instance) })
        {
            violations.Require(uid is null || DicomUid.IsValid(uid), field, $"got another text", $"a UID of at most 64 digits and dots");
        }

        violations.Require(instance is null || series is not null, "series", $"is missing", $"the series of the instance");
        violations.ThrowIfAny();
        return $"studies/{study}" + (series is null ? "" : $"/series/{series}") + (instance is null ? "" : $"/instances/{instance}");
    }

    // The name is the instance's own, which is digits and dots whatever the server says.
    private static async Task<string> SaveAsync(MultipartPart part, string study, string folder, CancellationToken cancellationToken)
    {
        string temporary = Path.Combine(folder, $"{Guid.NewGuid():N}.part");
        try
        {
            using (FileStream file = new(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16, FileOptions.Asynchronous))
            {
                await part.CopyToAsync(file, cancellationToken).ConfigureAwait(false);
            }

            SourceObject identity = IdentityOf(temporary);
            if (identity.Study != study)
            {
                throw new MediaException("instance", "The archive gave an instance of another study.");
            }

            string path = Path.Combine(folder, identity.SopInstance + ".dcm");
            Sdk.Files.WholeFile.Replace(temporary, path);
            return path;
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private async Task<IReadOnlyList<DicomDataSet>> ReadDataSetsAsync(string address, string what, CancellationToken cancellationToken)
    {
        using Call call = await SendAsync(new HttpRequestMessage(HttpMethod.Get, address), Json, what, cancellationToken).ConfigureAwait(false);
        return await call.WithinAsync(async () =>
        {
            ReadOnlyMemory<byte> bytes = await ReadAllAsync(call).ConfigureAwait(false);
            if (bytes.IsEmpty)
            {
                return [];
            }

            using JsonDocument document = JsonDocument.Parse(bytes);
            return document.RootElement.ValueKind == JsonValueKind.Array
                ? (IReadOnlyList<DicomDataSet>)[.. document.RootElement.EnumerateArray().Select(one => DicomJson.Read(one, what))]
                : throw new MediaException(what, "an array is needed.");
        }).ConfigureAwait(false);
    }

    private static async Task<ReadOnlyMemory<byte>> ReadAllAsync(Call call)
    {
        using MemoryStream all = new();
        byte[] buffer = new byte[1 << 16];
        int read;
        while ((read = await call.Body.ReadAsync(buffer, call.Token).ConfigureAwait(false)) > 0)
        {
            if (all.Length + read > LargestAnswer)
            {
                throw new MediaException("answer", $"it has more than {LargestAnswer} bytes; ask for less.");
            }

            all.Write(buffer, 0, read);
        }

        return all.ToArray();
    }

    private async Task<Call> SendAsync(
        HttpRequestMessage request, string accept, string what, CancellationToken cancellationToken, TimeSpan sending = default,
        HttpStatusCode alsoGood = HttpStatusCode.OK)
    {
        CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        HttpResponseMessage? response = null;
        try
        {
            using (request)
            {
                request.Headers.TryAddWithoutValidation("Accept", accept);
                if (_server.TokenFile is { } file)
                {
                    request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await ReadTokenAsync(file,
                        cancellationToken).ConfigureAwait(false));
                }

                patience.CancelAfter(_server.Timeout + sending);
                response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token).ConfigureAwait(false);
            }

            if (!response.IsSuccessStatusCode && response.StatusCode != alsoGood)
            {
                throw ArchiveErrors.Of(response.StatusCode, response.Headers.RetryAfter, what);
            }

            Stream body = await response.Content.ReadAsStreamAsync(patience.Token).ConfigureAwait(false);
            return new Call(response, new TimedStream(body, patience, _server.Timeout), patience, what, cancellationToken);
        }
        catch (Exception error)
        {
            response?.Dispose();
            patience.Dispose();
            if (error is HttpRequestException or IOException || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                throw ArchiveErrors.Of(error, what);
            }

            throw;
        }
    }

    private static async Task<string> ReadTokenAsync(string file, CancellationToken cancellationToken)
    {
        try
        {
            string token = (await File.ReadAllTextAsync(file, cancellationToken).ConfigureAwait(false)).Trim();
            return token.Length > 0 && token.All(one => one is > ' ' and <= '~') ? token
                : throw new InvalidInputException("token_file", "The file holds no token: printable ASCII characters without blanks.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException("token_file", $"The file cannot be read: {error.GetType().Name}.");
        }
    }

    /// <summary>An answer on its way, and how long it is waited for.</summary>
    private sealed class Call(
        HttpResponseMessage response, Stream body, CancellationTokenSource patience, string what, CancellationToken cancellationToken) : IDisposable
    {
        public Stream Body => body;

        public CancellationToken Token => patience.Token;

        public HttpStatusCode Status => response.StatusCode;

        public string? ContentType => response.Content.Headers.TryGetValues("Content-Type", out IEnumerable<string>? values) ? values.First() : null;

        public async Task<T> WithinAsync<T>(Func<Task<T>> read)
        {
            try
            {
                return await read().ConfigureAwait(false);
            }
            catch (Exception error) when (Told(error) is { } told)
            {
                throw told;
            }
        }

        public T Within<T>(Func<T> read)
        {
            try
            {
                return read();
            }
            catch (Exception error) when (Told(error) is { } told)
            {
                throw told;
            }
        }

        public void Dispose()
        {
            response.Dispose();
            patience.Dispose();
        }

        private UnavailableException? Told(Exception error) => error switch
        {
            MediaException or JsonException => new UnavailableException(ArchiveErrors.Answer,
                $"The archive's answer about {what} cannot be read: {error.Message}"),
            HttpRequestException or IOException => ArchiveErrors.Of(error, what),
            OperationCanceledException when !cancellationToken.IsCancellationRequested => ArchiveErrors.Of(error, what),
            _ => null,
        };
    }
}
