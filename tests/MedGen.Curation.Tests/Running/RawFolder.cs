using System.Diagnostics;

namespace MedGen.Curation.Tests.Running;

/// <summary>
/// A folder of small films for all tests of a class: two shots with a cut, the same file again, the same film in another codec, one that is too small, and
/// one that is no film.
/// </summary>
public sealed class RawFolder : IDisposable
{
    /// <summary>Seconds of each of the two shots.</summary>
    public const double Shot = 7;

    public RawFolder()
    {
        Films = Directory.CreateDirectory(Path.Combine(Root, "raw")).FullName;
        Directory.CreateDirectory(PathOf("sub"));
        string clip = RepositoryRoot.Path("samples", "clips", "lung_ultrasound.mp4");
        FFmpeg(
            $"-f lavfi -i testsrc2=s=128x96:r=25:d={Shot} -stream_loop 3 -i {clip} -filter_complex "
            + $"[1]scale=128:96,fps=25,trim=duration={Shot},setsar=1[b];[0]setsar=1[a];[a][b]concat=n=2:v=1,format=yuv420p -c:v libx264 -preset ultrafast -an",
            "film.mp4");
        File.Copy(PathOf("film.mp4"), PathOf("sub/twin.mp4"));
        FFmpeg($"-i {PathOf("film.mp4")} -vf scale=112:96 -c:v mpeg4 -q:v 3", "other.mkv");
        FFmpeg("-f lavfi -i testsrc2=s=64x48:r=25:d=1 -c:v libx264 -preset ultrafast", "small.mp4");
        File.WriteAllText(PathOf("broken.mp4"), "no film");
        File.WriteAllText(PathOf("notes.txt"), "no film either");
        File.WriteAllText(PathOf("metadata.csv"), "file_name,title,licence,attribution\nfilm.mp4,Lungs and bars,CC BY 4.0,Somebody\n");
    }

    /// <summary>The folder of the films.</summary>
    public string Films { get; }

    private string Root { get; } = Directory.CreateTempSubdirectory("medgen-curation-").FullName;

    /// <summary>A folder for a data set.</summary>
    public string Output(string name) => Path.Combine(Root, name);

    public void Dispose() => Directory.Delete(Root, recursive: true);

    private string PathOf(string name) => Path.Combine(Films, name);

    private void FFmpeg(string arguments, string name)
    {
        using Process process = Process.Start("ffmpeg", ["-nostdin", "-v", "error", "-y", .. arguments.Split(' '), PathOf(name)]);
        process.WaitForExit();
        process.ExitCode.ShouldBe(0);
    }
}
