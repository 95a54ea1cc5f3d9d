using System.Diagnostics;

namespace MedGen.Media.Tests.Writing;

/// <summary>A tmpfs of 1 MiB, where mounting is permitted.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private SmallDisk(string folder) => Folder = folder;

    public string Folder { get; }

    public static async Task<SmallDisk?> TryMountAsync(string folder)
    {
        Directory.CreateDirectory(folder);
        return await RunAsync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", folder]) == 0 ? new SmallDisk(folder) : null;
    }

    public async ValueTask DisposeAsync() => (await RunAsync("umount", [Folder])).ShouldBe(0);

    private static async Task<int> RunAsync(string program, string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        await process.StandardError.ReadToEndAsync(Workbench.Token);
        await process.WaitForExitAsync(Workbench.Token);
        return process.ExitCode;
    }
}
