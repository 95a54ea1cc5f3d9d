using System.Diagnostics;

namespace MedGen.Bench;

/// <summary>A temporary folder for films that ffmpeg's own sources make.</summary>
internal sealed class WorkFolder : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-bench-").FullName;

    public async Task<string> MakeAsync(string name, string[] arguments)
    {
        string path = Path.Combine(_folder, name);
        using Process process = Process.Start("ffmpeg", ["-v", "error", "-nostdin", "-y", .. arguments, path]);
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? path : throw new InvalidOperationException($"ffmpeg could not make {name}.");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
