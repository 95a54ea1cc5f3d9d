using System.Text;
using System.Text.Json;
using MedGen.Datasets.Specifications;
using MedGen.Sdk.Errors;

namespace MedGen.Datasets.Augmentation;

/// <summary>
/// What was made so far, a line a clip in the order of judging. A line is written after its clip lies in its place; one that was cut short by a crash
/// or a full disk is dropped, and its clip made again.
/// </summary>
internal sealed class AugmentationJournal : IDisposable
{
    public const string FileName = "journal.jsonl";

    private readonly FileStream _file;

    private AugmentationJournal(FileStream file, List<ClipRecord> records) => (_file, Records) = (file, records);

    /// <summary>The records, in order.</summary>
    public List<ClipRecord> Records { get; }

    /// <summary>Opens or begins a journal.</summary>
    /// <exception cref="InvalidInputException">A line in the middle is broken: the file was changed by somebody else.</exception>
    public static AugmentationJournal Open(string folder)
    {
        string path = Path.Combine(folder, FileName);
        List<ClipRecord> records = [];
        long whole = 0;
        if (File.Exists(path))
        {
            byte[] bytes = File.ReadAllBytes(path);
            for (int start = 0, end; (end = Array.IndexOf(bytes, (byte)'\n', start)) >= 0; start = end + 1)
            {
                records.Add(Parse(bytes.AsSpan(start, end - start), records.Count + 1));
                whole = end + 1;
            }
        }

        FileStream file = new(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read);
        file.SetLength(whole);
        file.Seek(0, SeekOrigin.End);
        return new AugmentationJournal(file, records);
    }

    /// <summary>Adds a record and has it on the disk before it returns.</summary>
    public void Add(ClipRecord record)
    {
        _file.Write(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(record, SpecificationJson.Options) + "\n"));
        _file.Flush(flushToDisk: true);
        Records.Add(record);
    }

    public void Dispose() => _file.Dispose();

    private static ClipRecord Parse(ReadOnlySpan<byte> line, int number)
    {
        try
        {
            return JsonSerializer.Deserialize<ClipRecord>(line, SpecificationJson.Options) ?? throw new JsonException("null");
        }
        catch (JsonException exception)
        {
            throw new InvalidInputException("out", $"{FileName}, line {number} cannot be read ({exception.Message}); --overwrite starts anew.");
        }
    }
}
