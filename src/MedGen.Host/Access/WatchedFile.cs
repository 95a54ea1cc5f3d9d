using MedGen.Sdk.Errors;

namespace MedGen.Host.Access;

/// <summary>
/// A file whose content may change while the host runs: it is read again when its time or length is another. What cannot be used is said in the log,
/// and what was read before stays in force.
/// </summary>
internal sealed class WatchedFile<T>
    where T : class
{
    private readonly Lock _lock = new();
    private readonly string _path;
    private readonly Func<byte[], T> _parse;
    private readonly ILogger _logger;
    private (DateTime Written, long Length) _stamp;
    private T _current;

    /// <summary>Reads the file.</summary>
    /// <exception cref="FailedPreconditionException">It cannot be used; the message says why.</exception>
    public WatchedFile(string path, string reason, Func<byte[], T> parse, ILogger logger)
    {
        (_path, _parse, _logger) = (path, parse, logger);
        try
        {
            _stamp = Stamp();
            _current = parse(File.ReadAllBytes(path));
        }
        catch (Exception error) when (IsFault(error))
        {
            throw new FailedPreconditionException(reason, $"The file '{Path.GetFileName(path)}' cannot be used: {error.Message}", error);
        }
    }

    /// <summary>What is in force now.</summary>
    public T Current
    {
        get
        {
            lock (_lock)
            {
                Refresh();
                return _current;
            }
        }
    }

    private static bool IsFault(Exception error) => error is IOException or UnauthorizedAccessException or System.Text.Json.JsonException
        or FormatException or ArgumentException or MedGenException or System.Security.Cryptography.CryptographicException;

    private void Refresh()
    {
        (DateTime, long) stamp = default;
        try
        {
            stamp = Stamp();
            if (stamp != _stamp)
            {
                _current = _parse(File.ReadAllBytes(_path));
                _logger.AccessFileRead(Path.GetFileName(_path));
            }
        }
        catch (Exception error) when (IsFault(error))
        {
            if (stamp != _stamp)
            {
                _logger.AccessFileRefused(Path.GetFileName(_path), error.Message);
            }
        }

        _stamp = stamp;
    }

    // Zero: it is missing or cannot be looked at.
    private (DateTime, long) Stamp()
    {
        FileInfo file = new(_path);
        return file.Exists ? (file.LastWriteTimeUtc, file.Length) : default;
    }
}
