using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace MedGen.Cli.Tests;

/// <summary>A real plugin that does what no plugin may, in a real host.</summary>
public sealed class MisbehavingPluginTests : IDisposable
{
    private const string Plugin = "test.misbehaving";
    private static readonly string Clip = RepositoryRoot.Path("samples", "clips", "lung_ultrasound.mp4");

    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-crash-").FullName;

    private string Data => Path.Combine(_folder, "data");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact, Long]
    public async Task Serve_APluginThatDoesNotEnd_IsLeftBehindAndQuarantinedAndTheHostServesOthers()
    {
        string config = Path.Combine(_folder, "medgen.json");
        await File.WriteAllTextAsync(
            config, """{ "jobs": { "cancellation_grace": "500ms", "max_concurrent_jobs": 1 }, "plugins": { "abandoned_call_limit": 2 } }""",
            TestContext.Current.CancellationToken);
        await using ServeProcess host = await ServeProcess.StartAsync(Data, Plugins(), config: config);

        (int wrong, _, string answer) = await AnalyzeAsync(host, "wrong_answer");
        wrong.ShouldNotBe(0);
        answer.ShouldContain($"'{Plugin}'");
        answer.ShouldContain("findings[0].output: got 'colour'; allowed: word.");

        // There is one slot: each of these has it until its grace is over.
        await CancelAsync(host, "hang");
        (await PluginAsync(host)).GetProperty("reason").GetString().ShouldBe("1 call did not end when told to.");
        await CancelAsync(host, "block");
        (await PluginAsync(host)).GetProperty("state").GetString().ShouldBe("PLUGIN_STATE_QUARANTINED");

        (_, _, string quarantined) = await AnalyzeAsync(host, "none");
        quarantined.ShouldContain($"Plugin '{Plugin}' is quarantined.");
        (int lifted, _, _) = await MedGenCommand.RunAsync("plugins", "enable", Plugin, "--host", host.Grpc.ToString());
        lifted.ShouldBe(0);
        (int well, string found, string why) = await AnalyzeAsync(host, "none");
        well.ShouldBe(0, why);
        found.ShouldContain("9 frames, ");
        (await host.KillAsync()).Split('\n').Count(line => line.Contains($"Plugin {Plugin} 1.0.0 did not end a call within 0.5 s", StringComparison.Ordinal)).ShouldBe(2);
    }

    [Fact, Long]
    public async Task Serve_APluginThatEndsTheProcessTwice_IsQuarantinedAndItsJobFailsNamingIt()
    {
        string plugins = Plugins();
        await using (ServeProcess first = await ServeProcess.StartAsync(Data, plugins))
        {
            (int exitCode, _, _) = await AnalyzeAsync(first, "crash");
            exitCode.ShouldNotBe(0);
            (await first.ExitedAsync()).ShouldContain($"Plugin {Plugin} 1.0.0 is called.");
        }

        // The job runs again, alone, and ends the second host.
        await using (ServeProcess second = await ServeProcess.StartAsync(Data, plugins))
        {
            await second.ExitedAsync();
        }

        await using ServeProcess third = await ServeProcess.StartAsync(Data, plugins);
        JsonElement plugin = await PluginAsync(third);
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

    [Fact, Long]
    public async Task Serve_APluginThatEndsAProcessOfItsOwn_FailsThatCallAndTheHostGoesOn()
    {
        string config = Path.Combine(_folder, "medgen.json");
        await File.WriteAllTextAsync(config, """{ "plugins": { "isolation": "foreign" } }""", TestContext.Current.CancellationToken);
        await using ServeProcess host = await ServeProcess.StartAsync(Data, Plugins(), config: config);

        (int crashed, _, string error) = await AnalyzeAsync(host, "stack_overflow");
        (int well, string found, string why) = await AnalyzeAsync(host, "none");

        crashed.ShouldNotBe(0);
        error.ShouldContain($"The process of the plugin '{Plugin}' 1.0.0 ended in the middle of the call");
        well.ShouldBe(0, why);
        found.ShouldContain("9 frames, ");

        // The worker's own process, whether bubblewrap is around it or not, goes with the host.
        string log = await host.KillAsync();
        int worker = int.Parse(Regex.Matches(log, $"Plugin {Plugin} 1.0.0 runs in process ([0-9]+)")[^1].Groups[1].Value, CultureInfo.InvariantCulture);
        while (Directory.Exists($"/proc/{worker}") && !(await File.ReadAllTextAsync($"/proc/{worker}/stat", TestContext.Current.CancellationToken)).Contains(") Z ", StringComparison.Ordinal))
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    [Theory]
    [LongInlineData("declared")]
    [LongInlineData("foreign")]
    public async Task Serve_AnAugmenterThatNeverAnswersAQuestion_IsRefusedNamingItInEitherProcess(string isolation)
    {
        const string Maker = "test.misbehaving-maker";
        string config = Path.Combine(_folder, "medgen.json");

        // The limit holds for the good question, too, which the isolated plugin's next process answers: it has to start within it on any machine.
        await File.WriteAllTextAsync(
            config,
            $$"""
            {
              "jobs": { "answer_limit": "20s", "cancellation_grace": "2s" },
              "plugins": { "isolation": "{{isolation}}", "worker_grace": "500ms" }
            }
            """,
            TestContext.Current.CancellationToken);
        await using ServeProcess host = await ServeProcess.StartAsync(Data, Plugins(Maker), config: config);

        (int exitCode, string error) = await AugmentAsync("invalid");
        exitCode.ShouldNotBe(0);
        error.ShouldContain(isolation == "declared"
            ? $"The plugin '{Maker}' 1.0.0 did not end within 2 s of being told to"
            : $"The plugin '{Maker}' 1.0.0 did not answer within 20 s.");
        (_, string refused) = await AugmentAsync("well");
        refused.ShouldContain("methods[0].options.how: got well");

        async Task<(int, string)> AugmentAsync(string how)
        {
            string spec = Path.Combine(_folder, "spec.json");
            await File.WriteAllTextAsync(
                spec, $$"""{ "methods": [{ "type": "invert", "options": { "how": "{{how}}" } }] }""", TestContext.Current.CancellationToken);
            (int exit, _, string why) = await MedGenCommand.RunAsync(
                "augment", "--data", RepositoryRoot.Path("samples", "datasets", "lung"), "--spec", spec, "--out", Path.Combine(_folder, "out"),
                "--plugin", Maker, "--host", host.Grpc.ToString());
            return (exit, why);
        }
    }

    private static Task<(int ExitCode, string Output, string Error)> AnalyzeAsync(ServeProcess host, string how) =>
        MedGenCommand.RunAsync("analyze", Clip, "--task", "test-misbehaving", "--parameter", $"how={how}", "--host", host.Grpc.ToString());

    private static async Task CancelAsync(ServeProcess host, string how)
    {
        Task<(int ExitCode, string Output, string Error)> running = AnalyzeAsync(host, how);
        await MedGenCommand.RunAsync("jobs", "cancel", await RunningJobAsync(host, running), "--host", host.Grpc.ToString());
        (int exitCode, _, string error) = await running;
        exitCode.ShouldNotBe(0);
        error.ShouldContain("was cancelled");
    }

    private static async Task<JsonElement> PluginAsync(ServeProcess host)
    {
        (int exitCode, string shown, string error) = await MedGenCommand.RunAsync("plugins", "list", "--host", host.Grpc.ToString(), "--json");
        exitCode.ShouldBe(0, error);
        return shown.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)
            .Single(one => one.GetProperty("pluginId").GetString() == Plugin);
    }

    // One whose plugin has said something: from then on only the plugin can end its call.
    private static async Task<string> RunningJobAsync(ServeProcess host, Task<(int ExitCode, string Output, string Error)> analysis)
    {
        while (!analysis.IsCompleted)
        {
            (_, string jobs, _) = await MedGenCommand.RunAsync("jobs", "list", "--host", host.Grpc.ToString(), "--json");
            foreach (string line in jobs.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                using JsonDocument job = JsonDocument.Parse(line);
                if (job.RootElement.GetProperty("state").GetString() == "JOB_STATE_RUNNING" && job.RootElement.TryGetProperty("stepsDone", out _))
                {
                    return job.RootElement.GetProperty("jobId").GetString()!;
                }
            }
        }

        throw new InvalidOperationException($"The analysis ended before it could be cancelled: {(await analysis).Error}");
    }

    private string Plugins(string plugin = Plugin)
    {
        string plugins = Path.Combine(_folder, "plugins");
        Copy(RepositoryRoot.Path("artifacts", "test-plugins", plugin), Path.Combine(plugins, plugin));
        return plugins;
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
