using System.Text;
using MedGen.Sdk.Errors;

namespace MedGen.Dicom.Web;

/// <summary>Reads a multipart/related body (RFC 2046, 5.1) part by part, in the memory of one buffer whatever the length of the parts.</summary>
public sealed class MultipartReader
{
    private const string Name = "multipart body";
    private const int BufferBytes = 1 << 17;
    private const int LongestBoundary = 200; // RFC 2046 says 70; Orthanc's have 73

    private static readonly byte[] LineEnd = "\r\n"u8.ToArray();

    private readonly Stream _body;
    private readonly byte[] _delimiter;
    private readonly MultipartLimits _limits;
    private readonly byte[] _buffer = new byte[BufferBytes];
    private int _start;
    private int _end;
    private int _parts;
    private bool _isOver;
    private MultipartPart? _open;

    private MultipartReader(Stream body, string boundary, MultipartLimits limits)
    {
        (_body, _limits) = (body, limits);
        _delimiter = Encoding.ASCII.GetBytes($"\r\n--{boundary}");

        // The first delimiter may stand at the very beginning, without the line end that belongs to it.
        LineEnd.CopyTo(_buffer, 0);
        _end = LineEnd.Length;
    }

    /// <summary>Begins to read a body.</summary>
    /// <param name="body">The body, which stays the caller's.</param>
    /// <param name="contentType">Its Content-Type: multipart/related with a boundary of 1 to 200 characters.</param>
    /// <param name="limits">What it may ask; null: the defaults.</param>
    /// <returns>The reader.</returns>
    /// <exception cref="MediaException">The type is another, or states no boundary.</exception>
    public static MultipartReader Open(Stream body, string? contentType, MultipartLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(body);
        return contentType is not null && contentType.Split(';')[0].Trim().Equals("multipart/related", StringComparison.OrdinalIgnoreCase)
            && Parameter(contentType, "boundary") is { Length: >= 1 and <= LongestBoundary } boundary && Ascii.IsValid(boundary)
            ? new MultipartReader(body, boundary, limits ?? new MultipartLimits())
            : throw Fail($"the Content-Type has to be multipart/related with a boundary of 1 to {LongestBoundary} characters");
    }

    /// <summary>A parameter of a media type.</summary>
    /// <param name="mediaType">The media type.</param>
    /// <param name="name">Name of the parameter.</param>
    /// <returns>Its value without quotes; null: it is not there.</returns>
    public static string? Parameter(string mediaType, string name)
    {
        ArgumentNullException.ThrowIfNull(mediaType);
        foreach (string one in mediaType.Split(';').Skip(1))
        {
            int equals = one.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0 && one[..equals].Trim().Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return one[(equals + 1)..].Trim().Trim('"');
            }
        }

        return null;
    }

    /// <summary>Goes to the next part; what was not read of the one before is passed over, however long it is.</summary>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>Null: there are no more.</returns>
    /// <exception cref="MediaException">The body is not of the form, or asks for more than the limits.</exception>
    public async Task<MultipartPart?> NextAsync(CancellationToken cancellationToken)
    {
        if (_parts == 0 && !_isOver && _open is null)
        {
            await CopyToDelimiterAsync(Stream.Null, _limits.HeaderBytes, "the text before the first part", cancellationToken).ConfigureAwait(false);
            _isOver = await IsLastDelimiterAsync(cancellationToken).ConfigureAwait(false);
        }
        else if (_open is { } unread)
        {
            await CopyContentAsync(unread, Stream.Null, long.MaxValue, cancellationToken).ConfigureAwait(false);
        }

        if (_isOver)
        {
            return null;
        }

        if (++_parts > _limits.Parts)
        {
            throw Fail($"it has more than {_limits.Parts} parts, which is the most allowed");
        }

        _open = new MultipartPart(this, await ReadHeadersAsync(cancellationToken).ConfigureAwait(false));
        return _open;
    }

    internal async Task<long> CopyContentAsync(MultipartPart part, Stream target, long? most, CancellationToken cancellationToken)
    {
        if (!ReferenceEquals(part, _open))
        {
            throw new InvalidOperationException("The content of this part has been read, or passed over.");
        }

        long length = await CopyToDelimiterAsync(target, most ?? _limits.PartBytes, $"part {_parts}", cancellationToken).ConfigureAwait(false);
        _open = null;
        _isOver = await IsLastDelimiterAsync(cancellationToken).ConfigureAwait(false);
        return length;
    }

    private async Task<long> CopyToDelimiterAsync(Stream target, long most, string what, CancellationToken cancellationToken)
    {
        long length = 0;
        while (true)
        {
            int at = _buffer.AsSpan(_start, _end - _start).IndexOf(_delimiter);
            int ready = at >= 0 ? at : Math.Max(0, _end - _start - _delimiter.Length + 1);
            length += ready;
            if (length > most)
            {
                _open?.IsTooLong = true;
                throw Fail($"{what} has more than {most} bytes, which is the most allowed");
            }

            await target.WriteAsync(_buffer.AsMemory(_start, ready), cancellationToken).ConfigureAwait(false);
            _start += ready;
            if (at >= 0)
            {
                _start += _delimiter.Length;
                return length;
            }

            await FillAsync(what, cancellationToken).ConfigureAwait(false);
        }
    }

    // Behind a delimiter: two hyphens close the body; else blanks, then the end of the line.
    private async Task<bool> IsLastDelimiterAsync(CancellationToken cancellationToken)
    {
        while (_end - _start < LineEnd.Length)
        {
            await FillAsync("a delimiter", cancellationToken).ConfigureAwait(false);
        }

        if (_buffer.AsSpan(_start, 2).SequenceEqual("--"u8))
        {
            return true;
        }

        string rest = await ReadLineAsync("a delimiter", _limits.HeaderBytes, cancellationToken).ConfigureAwait(false);
        return rest.Trim(' ', '\t').Length == 0 ? false : throw Fail("something stands behind a delimiter");
    }

    private async Task<Dictionary<string, string>> ReadHeadersAsync(CancellationToken cancellationToken)
    {
        Dictionary<string, string> headers = new(StringComparer.OrdinalIgnoreCase);
        int left = _limits.HeaderBytes;
        while (true)
        {
            string line = await ReadLineAsync($"the headers of part {_parts}", left, cancellationToken).ConfigureAwait(false);
            if (line.Length == 0)
            {
                return headers;
            }

            left -= line.Length + LineEnd.Length;
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0 || !headers.TryAdd(line[..colon].Trim(), line[(colon + 1)..].Trim()))
            {
                throw Fail($"a header of part {_parts} has no name, or stands there twice");
            }
        }
    }

    private async Task<string> ReadLineAsync(string what, int most, CancellationToken cancellationToken)
    {
        while (true)
        {
            int at = _buffer.AsSpan(_start, _end - _start).IndexOf(LineEnd);
            if ((at < 0 ? _end - _start : at) > most)
            {
                throw Fail($"{what} have more than {_limits.HeaderBytes} bytes, which is the most allowed");
            }

            if (at >= 0)
            {
                string line = Encoding.Latin1.GetString(_buffer.AsSpan(_start, at));
                _start += at + LineEnd.Length;
                return line;
            }

            await FillAsync(what, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task FillAsync(string what, CancellationToken cancellationToken)
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        int read = await _body.ReadAsync(_buffer.AsMemory(_end), cancellationToken).ConfigureAwait(false);
        _end += read > 0 ? read : throw Fail($"it ends within {what}");
    }

    private static MediaException Fail(string what) => new(Name, $"{Name}: {what}.");
}
