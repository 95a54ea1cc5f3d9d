namespace MedGen.Dicom.Web;

/// <summary>One part of a multipart body. Its content is read at most once, before the next part is asked for.</summary>
public sealed class MultipartPart
{
    private readonly MultipartReader _reader;

    internal MultipartPart(MultipartReader reader, IReadOnlyDictionary<string, string> headers) => (_reader, Headers) = (reader, headers);

    /// <summary>Headers by name, whatever their case.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; }

    /// <summary>Content-Type without its parameters, in lower case; empty: none is stated.</summary>
    public string MediaType => Headers.TryGetValue("Content-Type", out string? type) ? type.Split(';')[0].Trim().ToLowerInvariant() : "";

    /// <summary>Whether copying it ended at the limit. What is left is passed over when the next part is asked for.</summary>
    public bool IsTooLong { get; internal set; }

    /// <summary>Copies the content.</summary>
    /// <param name="target">Where to.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>Its length in bytes.</returns>
    /// <exception cref="Sdk.Errors.MediaException">It is longer than the limit, or the body ends within it.</exception>
    public Task<long> CopyToAsync(Stream target, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(target);
        return _reader.CopyContentAsync(this, target, most: null, cancellationToken);
    }
}
