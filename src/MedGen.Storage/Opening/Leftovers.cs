using System.Text.RegularExpressions;

namespace MedGen.Storage.Opening;

/// <summary>
/// Files of a data folder that nothing needs any more. A crash can leave: files in the making, by their names; a content that was announced as coming
/// or going (<c>work/&lt;sha256&gt;.pending</c>) and has no record; and what jobs kept that have a record and have ended. Everything that the store
/// moves or deletes is covered by one of these, so no crash leaves a single file beside them: one that has neither record nor announcement belongs to
/// records that are lost. Names that the store does not give are nobody's business here.
/// </summary>
/// <param name="OfACrash">Files and folders that may be deleted, in this order.</param>
/// <param name="WithoutRecord">Files and folders that the store made and the database does not know.</param>
internal sealed partial record Leftovers(IReadOnlyList<string> OfACrash, IReadOnlyList<string> WithoutRecord)
{
    public const string AnnouncementExtension = ".pending";

    public static Leftovers Find(DataPaths folder, StoredRecords records)
    {
        string[] announcements = [.. Files(folder.Work).Where(path => Announcement().IsMatch(Path.GetFileName(path)))];
        HashSet<string> announced = [.. announcements.Select(path => Path.GetFileNameWithoutExtension(path))];
        ILookup<bool, string> contents = ContentsWithoutRecord(folder, records).ToLookup(path => announced.Contains(Path.GetFileName(path)));
        IEnumerable<(string Path, string Job)> kept =
        [
            .. Files(folder.Checkpoints).Where(path => Checkpoint().IsMatch(Path.GetFileName(path)))
            .Select(path => (path, Path.GetFileNameWithoutExtension(path))),
            .. Folders(folder.Jobs).Where(path => JobId().IsMatch(Path.GetFileName(path))).Select(path => (path, Path.GetFileName(path))),
        ];
        return new Leftovers(
            [
                .. contents[true],
                .. announcements,
                .. Files(folder.Work).Where(path => InTheMaking().IsMatch(Path.GetFileName(path))),
                .. kept.Where(item => records.EndedJobs.Contains(item.Job)).Select(item => item.Path),
            ],
            [
                .. contents[false],
                .. kept.Where(item => !records.EndedJobs.Contains(item.Job) && !records.OpenJobs.Contains(item.Job)).Select(item => item.Path),
            ]);
    }

    private static IEnumerable<string> ContentsWithoutRecord(DataPaths folder, StoredRecords records) =>
        from first in Folders(folder.Artifacts)
        from second in Folders(first)
        from path in Files(second)
        let name = Path.GetFileName(path)
        where Content().IsMatch(name) && path == folder.ContentFile(name) && !records.Contents.Contains(name)
        select path;

    private static string[] Files(string folder) => Directory.Exists(folder) ? Directory.GetFiles(folder) : [];

    private static string[] Folders(string folder) => Directory.Exists(folder) ? Directory.GetDirectories(folder) : [];

    [GeneratedRegex("^[0-9a-f]{64}$")]
    private static partial Regex Content();

    [GeneratedRegex(@"^[0-9a-f]{64}\.pending$")]
    private static partial Regex Announcement();

    // A work file, what is packed beside it, and what ffmpeg writes beside it: <id>.mp4, <id>.tar.tmp, .<id>.mp4.<id>.partial
    [GeneratedRegex(@"^\.?[0-9a-f]{32}\.[0-9a-z]+(\.tmp|\.[0-9a-f]{32}\.partial)?$")]
    private static partial Regex InTheMaking();

    [GeneratedRegex("^[0-9a-f]{32}$")]
    private static partial Regex JobId();

    [GeneratedRegex(@"^[0-9a-f]{32}\.safetensors$")]
    private static partial Regex Checkpoint();
}
