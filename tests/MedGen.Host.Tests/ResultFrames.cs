using System.Diagnostics;

namespace MedGen.Host.Tests;

/// <summary>The frames of a result; the files themselves differ in their provenance, which names the job.</summary>
internal static class ResultFrames
{
    /// <summary>One line with a hash for each frame.</summary>
    public static async Task<string> HashAsync(RunningHost host, string artifactId)
    {
        string file = Path.Combine(host.Folder, artifactId + ".mp4");
        await host.Client.Artifacts.DownloadAsync(artifactId, file, cancellationToken: RunningHost.Token);
        using Process ffmpeg = Process.Start(new ProcessStartInfo("ffmpeg", ["-v", "error", "-i", file, "-f", "framemd5", "-"]) { RedirectStandardOutput = true })!;
        string hashes = await ffmpeg.StandardOutput.ReadToEndAsync(RunningHost.Token);
        await ffmpeg.WaitForExitAsync(RunningHost.Token);
        return hashes;
    }
}
