using System.Security.Cryptography;
using MedGen.Application.Artifacts;
using MedGen.Storage.Disks;
using MedGen.Storage.Maintenance;

namespace MedGen.Storage.Tests.Disks;

/// <summary>
/// What a power cut leaves, on a file system that promises no more than POSIX: bytes of a file stay once the file was flushed, names in a folder once
/// the folder was. SQLite keeps promises of its own, so the database's files are taken as they are.
/// </summary>
public sealed class PowerCutTests : IDisposable
{
    private readonly string _images = Directory.CreateTempSubdirectory("medgen-cuts-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static NewArtifact Clip { get; } = new() { FileName = "clip.mp4", MediaType = "video/mp4", Owner = "ann" };

    public void Dispose() => Directory.Delete(_images, recursive: true);

    [Fact]
    public async Task PowerCut_AtAnyMoment_LosesNothingThatWasAcknowledged()
    {
        ForgetfulVolume disk = new(_images);
        using StorageFixture storage = new(volume: disk);
        _ = storage.Artifacts;
        disk.Watch(storage.Folder);

        disk.Acknowledged.Add(await storage.AddAsync([1, 2, 3]));
        string finished = storage.Artifacts.NewWorkFile(".mp4");
        await File.WriteAllBytesAsync(finished, [7, 7], Token);
        disk.Flushed([7, 7]);
        disk.Acknowledged.Add(await storage.Artifacts.AdoptAsync(Clip, finished, Token));
        Artifact deleted = await storage.AddAsync([4, 5]);
        await storage.Artifacts.DeleteAsync(deleted.Id, Token);
        disk.Gone.Add(deleted.Id);
        disk.Acknowledged.Add(await storage.AddAsync([1, 2, 3]));
        disk.Cut();

        disk.Cuts.Count.ShouldBeGreaterThan(10);
        foreach (ForgetfulVolume.Image image in disk.Cuts)
        {
            await ShouldHoldAsync(image);
        }
    }

    [Fact]
    public async Task PowerCut_AfterAGoodUploadOfADamagedContent_LeavesTheGoodOne()
    {
        ForgetfulVolume disk = new(_images);
        using StorageFixture storage = new(volume: disk);
        Artifact artifact = await storage.AddAsync([1, 2, 3]);
        File.WriteAllBytes(storage.ContentOf(artifact), [9, 9, 9]);
        disk.Flushed([9, 9, 9]);
        disk.Watch(storage.Folder);

        disk.Acknowledged.AddRange(artifact, await storage.AddAsync([1, 2, 3]));
        disk.Cut();

        await ShouldHoldAsync(disk.Cuts[^1]);
    }

    // The next start takes the folder, sweeps it, and has everything.
    private static async Task ShouldHoldAsync(ForgetfulVolume.Image image)
    {
        using StorageFixture next = new(image.Folder);
        next.Start.Sweep();
        foreach (Artifact artifact in image.Acknowledged)
        {
            await next.Artifacts.GetVerifiedPathAsync(artifact, Token);
        }

        foreach (string id in image.Gone)
        {
            (await next.Artifacts.FindAsync(id, Token)).ShouldBeNull();
        }

        next.WorkFiles.ShouldBeEmpty();
        next.Close();
        (await StoreScrub.RunAsync(image.Folder, null, null, TimeProvider.System, Token)).Findings.ShouldBeEmpty();
        StoreCheck.Run(image.Folder, Token).Findings.ShouldBeEmpty();
    }

    /// <summary>Knows what has been flushed, and makes an image of what a cut would leave, each time before more is.</summary>
    private sealed class ForgetfulVolume(string images) : IVolume
    {
        private static readonly string[] Watched = ["artifacts", "work", "jobs", "checkpoints"];

        // By folder: its names, with a file's bytes, or null for a folder.
        private readonly Dictionary<string, Dictionary<string, byte[]?>> _durable = [];
        private readonly HashSet<string> _flushed = [Hash([])];
        private string? _folder;

        public List<Artifact> Acknowledged { get; } = [];

        public List<string> Gone { get; } = [];

        public List<Image> Cuts { get; } = [];

        /// <summary>Takes what is in a data folder for durable, and makes images from now on.</summary>
        public void Watch(string folder)
        {
            foreach (string part in Watched.Select(part => Path.Combine(folder, part)))
            {
                Note(part);
                Array.ForEach(Directory.GetDirectories(part, "*", SearchOption.AllDirectories), Note);
            }

            _folder = folder;
        }

        public void Flushed(byte[] content) => _flushed.Add(Hash(content));

        public VolumeSpace Read() => new(1L << 40, 1L << 40, null, null);

        public FileStream Create(string path, long bytes) => new FlushedFile(path, this);

        public void Settle(string folder)
        {
            Cut();
            Note(folder);
        }

        public void Cut()
        {
            if (_folder is null)
            {
                return;
            }

            string image = Path.Combine(images, $"{Cuts.Count}");
            Directory.CreateDirectory(image);
            foreach (string file in Directory.GetFiles(_folder).Where(file => Path.GetExtension(file) is not (".lock" or ".db-shm")))
            {
                File.Copy(file, Path.Combine(image, Path.GetFileName(file)));
            }

            foreach (string part in Watched)
            {
                Write(Path.Combine(_folder, part), Path.Combine(image, part));
            }

            Cuts.Add(new Image(image, [.. Acknowledged], [.. Gone]));
        }

        private static string Hash(byte[] content) => Convert.ToHexString(SHA256.HashData(content));

        private void Note(string folder) => _durable[folder] = Directory.GetFileSystemEntries(folder).ToDictionary(path => path, Durable);

        private byte[]? Durable(string path) => Directory.Exists(path) ? null
            : File.ReadAllBytes(path) is var content && _flushed.Contains(Hash(content)) ? content
            : [];

        private void Write(string folder, string target)
        {
            Directory.CreateDirectory(target);
            foreach ((string path, byte[]? content) in _durable.GetValueOrDefault(folder, []))
            {
                string copy = Path.Combine(target, Path.GetFileName(path));
                if (content is null)
                {
                    Write(path, copy);
                }
                else
                {
                    File.WriteAllBytes(copy, content);
                }
            }
        }

        public sealed record Image(string Folder, IReadOnlyList<Artifact> Acknowledged, IReadOnlyList<string> Gone);

        private sealed class FlushedFile(string path, ForgetfulVolume volume)
            : FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite)
        {
            public override void Flush(bool flushToDisk)
            {
                base.Flush(flushToDisk);
                if (flushToDisk)
                {
                    volume.Flushed(File.ReadAllBytes(Name));
                }
            }
        }
    }
}
