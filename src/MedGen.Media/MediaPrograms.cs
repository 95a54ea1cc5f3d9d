using MedGen.Sdk.Errors;

namespace MedGen.Media;

/// <summary>Where the programs of ffmpeg lie.</summary>
public static class MediaPrograms
{
    /// <summary>Finds a program, on the <c>PATH</c> or in the folder that the options name.</summary>
    /// <param name="program"><c>ffmpeg</c> or <c>ffprobe</c>.</param>
    /// <param name="options">A folder that they name is taken at its word.</param>
    /// <returns>Its full path.</returns>
    /// <exception cref="FailedPreconditionException">It is not there (<c>FFMPEG_MISSING</c>).</exception>
    public static string Find(string program, MediaOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        string[] folders = options.BinaryFolder is { } folder
            ? [folder]
            : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return folders.Select(one => Path.GetFullPath(Path.Combine(one, program))).FirstOrDefault(File.Exists)
            ?? throw new FailedPreconditionException(
                "FFMPEG_MISSING", "ffmpeg is not installed or not on PATH; install it, on Debian and Ubuntu by: apt-get install ffmpeg");
    }
}
