using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MedGen.Curation.Results;
using MedGen.Curation.Scanning;
using MedGen.Curation.Videos;
using MedGen.Datasets.Specifications;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Files;

namespace MedGen.Curation.Running;

/// <summary>
/// What a run keeps of each film in the folder <c>work</c> of its output: the look at the file, the scan, and how far its clips are.
/// </summary>
internal sealed class WorkFolder(string output)
{
    /// <summary>Its name.</summary>
    public const string Name = "work";

    private readonly string _folder = Directory.CreateDirectory(Path.Combine(output, Name)).FullName;

    /// <summary>The look at a file, if it is still the same file.</summary>
    public SourceVideo? Probe(string fileName, FileInfo file) =>
        Read<ProbedFile>(ProbePath(fileName)) is { } known && known.Bytes == file.Length && known.WrittenUtc == file.LastWriteTimeUtc
            ? known.Video
            : null;

    /// <summary>Keeps the look at a file.</summary>
    public void Keep(SourceVideo video, FileInfo file) => Write(ProbePath(video.FileName), new ProbedFile(file.Length, file.LastWriteTimeUtc, video));

    /// <summary>A film's scan; null: it was not scanned yet.</summary>
    public VideoScan? Scan(SourceVideo video) => Read<VideoScan>(ScanPath(video));

    /// <summary>Keeps a scan.</summary>
    public void Keep(SourceVideo video, VideoScan scan) => Write(ScanPath(video), scan);

    /// <summary>How far a film is; null: it was not begun.</summary>
    public VideoState? State(SourceVideo video) => Read<VideoState>(StatePath(video));

    /// <summary>Keeps how far a film is.</summary>
    public void Keep(SourceVideo video, VideoState state) => Write(StatePath(video), state);

    private static void Write<T>(string path, T value) => WholeFile.Write(path, JsonSerializer.Serialize(value, SpecificationJson.Options));

    private static T? Read<T>(string path)
        where T : class
    {
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<T>(File.ReadAllBytes(path), SpecificationJson.Options);
        }
        catch (JsonException exception)
        {
            throw new InvalidInputException("out", $"{Name}/{Path.GetFileName(path)} cannot be read ({exception.Message}); --overwrite starts anew.");
        }
    }

    private string ProbePath(string fileName) =>
        Path.Combine(_folder, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(fileName)))[..16] + ".file.json");

    private string ScanPath(SourceVideo video) => Path.Combine(_folder, video.Id + ".scan.json");

    private string StatePath(SourceVideo video) => Path.Combine(_folder, video.Id + ".clips.json");

    private sealed record ProbedFile(long Bytes, DateTime WrittenUtc, SourceVideo Video);
}
