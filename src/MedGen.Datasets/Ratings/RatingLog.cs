using System.Text;
using MedGen.Sdk.Errors;

namespace MedGen.Datasets.Ratings;

/// <summary>
/// The table of ratings while people rate: what was answered is on the disk before the next page is shown. A page whose lines were not all written,
/// as when the machine lost its power, is asked again.
/// </summary>
public sealed class RatingLog : IDisposable
{
    /// <summary>Name of the table in its folder.</summary>
    public const string FileName = "ratings.csv";

    private readonly FileStream _file;
    private readonly FileStream _claim;
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Rater, string Item), HashSet<string>> _answered = [];

    private RatingLog(FileStream file, FileStream claim) => (_file, _claim) = (file, claim);

    /// <summary>The table.</summary>
    public string Path => _file.Name;

    /// <summary>Opens or begins the table of a folder; nobody else may write it meanwhile.</summary>
    /// <param name="folder">The folder; made where it is missing.</param>
    /// <returns>The table; the caller disposes it.</returns>
    /// <exception cref="InvalidInputException">What lies there is no such table, or another server writes it.</exception>
    public static RatingLog Open(string folder)
    {
        Directory.CreateDirectory(folder);
        string path = System.IO.Path.Combine(folder, FileName);
        FileStream claim;
        try
        {
            claim = new(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
        }
        catch (IOException busy)
        {
            throw new InvalidInputException("out", $"'{path}' is written by another server. {busy.Message}");
        }

        RatingLog log = new(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite), claim);
        try
        {
            log.Begin();
            return log;
        }
        catch
        {
            log.Dispose();
            throw;
        }
    }

    /// <summary>Whether a rater has answered every question of a page.</summary>
    /// <param name="rater">The rater.</param>
    /// <param name="item">The page.</param>
    public bool IsAnswered(string rater, RatingItem item)
    {
        ArgumentNullException.ThrowIfNull(item);
        lock (_gate)
        {
            return _answered.TryGetValue((rater, item.Id), out HashSet<string>? given)
                && item.Questions.All(question => given.Contains(question.Name));
        }
    }

    /// <summary>Writes answers and waits until they lie on the disk.</summary>
    /// <param name="rows">The answers to one page.</param>
    public void Add(IReadOnlyList<RatingRow> rows)
    {
        byte[] lines = Encoding.UTF8.GetBytes(RatingTable.Lines(rows));
        lock (_gate)
        {
            _file.Seek(0, SeekOrigin.End);
            _file.Write(lines);
            _file.Flush(flushToDisk: true);
            Note(rows);
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _file.Dispose();
        _claim.Dispose();
    }

    private void Begin()
    {
        byte[] content = new byte[_file.Length];
        _file.ReadExactly(content);
        int whole = content.AsSpan().LastIndexOf((byte)'\n') + 1;
        _file.SetLength(whole);
        if (whole == 0)
        {
            _file.Write(Encoding.UTF8.GetBytes(RatingTable.Header));
            _file.Flush(flushToDisk: true);
        }
        else if (whole > Encoding.UTF8.GetByteCount(RatingTable.Header))
        {
            Note(RatingTable.Read(Path));
        }
    }

    private void Note(IEnumerable<RatingRow> rows)
    {
        foreach (RatingRow row in rows)
        {
            (string, string) page = (row.Rater, row.Item);
            (_answered.TryGetValue(page, out HashSet<string>? given) ? given : _answered[page] = []).Add(row.Question);
        }
    }
}
