using System.Text.Json;

namespace MedGen.Cli.Tests;

/// <summary>A real plugin that ends the process, in a real host.</summary>
public sealed class CrashingPluginTests : IDisposable
{
    private const string Plugin = "test.misbehaving";
    private static readonly string Clip = RepositoryRoot.Path("samples", "clips", "lung_ultrasound.mp4");

    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-crash-").FullName;

    private string Data => Path.Combine(_folder, "data");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Serve_APluginThatEndsTheProcessTwice_IsQuarantinedAndItsJobFailsNamingIt()
    {
        string plugins = Path.Combine(_folder, "plugins");
        Copy(RepositoryRoot.Path("artifacts", "test-plugins", Plugin), Path.Combine(plugins, Plugin));
        await using (ServeProcess first = await ServeProcess.StartAsync(Data, plugins))
        {
            (int exitCode, _, _) = await MedGenCommand.RunAsync(
                "analyze", Clip, "--task", "test-misbehaving", "--parameter", "how=crash", "--host", first.Grpc.ToString());
            exitCode.ShouldNotBe(0);
            (await first.ExitedAsync()).ShouldContain($"Plugin {Plugin} 1.0.0 is called.");
        }

        // The job runs again, alone, and ends the second host.
        await using (ServeProcess second = await ServeProcess.StartAsync(Data, plugins))
        {
            await second.ExitedAsync();
        }

        await using ServeProcess third = await ServeProcess.StartAsync(Data, plugins);
        (_, string shown, _) = await MedGenCommand.RunAsync("plugins", "list", "--host", third.Grpc.ToString(), "--json");
        JsonElement plugin = shown.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)
            .Single(one => one.GetProperty("pluginId").GetString() == Plugin);
        plugin.GetProperty("state").GetString().ShouldBe("PLUGIN_STATE_QUARANTINED");
        plugin.GetProperty("reason").GetString().ShouldBe("Version 1.0.0 is quarantined: The process died 2 times while this version was called.");
        (int refused, _, string why) = await MedGenCommand.RunAsync("analyze", Clip, "--task", "test-misbehaving", "--host", third.Grpc.ToString());
        refused.ShouldNotBe(0);
        why.ShouldContain($"Plugin '{Plugin}' is quarantined.");

        // The job that had ended two hosts ends as failed, with the plugin's name.
        (_, string jobs, _) = await MedGenCommand.RunAsync("jobs", "list", "--host", third.Grpc.ToString(), "--json");
        string id = JsonDocument.Parse(jobs.Split('\n')[0]).RootElement.GetProperty("jobId").GetString()!;
        (_, string watched, _) = await MedGenCommand.RunAsync("jobs", "watch", id, "--host", third.Grpc.ToString(), "--json");
        watched.ShouldContain("JOB_STATE_FAILED");
        watched.ShouldContain($"Plugin '{Plugin}' is quarantined.");
    }

    private static void Copy(string from, string to)
    {
        foreach (string file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}
